package dev.bulwark.robust.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The plan of a PWWS attack (Ren et al., ACL 2019): which substitute each of n words gets, and in
 * which order. All of it is decided on the clean text.
 *
 * @param saliency of each word, the fall of p(gold) when it is hidden
 * @param softmax of the saliencies
 * @param best number of the substitute that makes p(gold) fall most, -1 for a word without any
 * @param gain that fall, which may be negative; 0 for a word without substitutes
 * @param score gain times softmax
 * @param order words that have a substitute, by falling score; equal ones from left to right
 */
public record WeightedSaliency(
    List<Double> saliency,
    List<Double> softmax,
    List<Integer> best,
    List<Double> gain,
    List<Double> score,
    List<Integer> order) {
  /** Freezes the lists. */
  public WeightedSaliency {
    saliency = List.copyOf(saliency);
    softmax = List.copyOf(softmax);
    best = List.copyOf(best);
    gain = List.copyOf(gain);
    score = List.copyOf(score);
    order = List.copyOf(order);
  }

  /**
   * Makes the plan.
   *
   * @param clean p(gold) of the clean text
   * @param hidden p(gold) with each word hidden, [n]
   * @param substituted p(gold) with each substitute in its word's place, [n][any number]
   * @return the plan
   */
  public static WeightedSaliency of(double clean, double[] hidden, double[][] substituted) {
    int n = hidden.length;
    double[] saliency = Arrays.stream(hidden).map(p -> clean - p).toArray();
    double[] softmax = softmax(saliency);
    int[] best = new int[n];
    double[] gain = new double[n];
    double[] score = new double[n];
    for (int i = 0; i < n; i++) {
      best[i] = lowest(substituted[i]);
      gain[i] = best[i] < 0 ? 0 : clean - substituted[i][best[i]];
      score[i] = gain[i] * softmax[i];
    }
    List<Integer> order =
        IntStream.range(0, n)
            .filter(i -> best[i] >= 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> score[i]).reversed())
            .toList();
    return new WeightedSaliency(
        list(saliency),
        list(softmax),
        Arrays.stream(best).boxed().toList(),
        list(gain),
        list(score),
        order);
  }

  private static double[] softmax(double[] values) {
    double largest = Arrays.stream(values).max().orElse(0);
    double[] powers = Arrays.stream(values).map(v -> Math.exp(v - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(p -> p / sum).toArray();
  }

  private static int lowest(double[] values) {
    int best = values.length == 0 ? -1 : 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] < values[best] ? i : best;
    }
    return best;
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /**
   * Carries the plan out: one substitution after the other, whether or not it helps, until the
   * victim is fooled.
   *
   * @param clean the clean text
   * @param substitute puts the best substitute in the place of a word; no text when it cannot
   * @param fooled whether a text fools the victim
   * @param <T> a text
   * @return the clean text and all texts after it, at least one
   */
  public <T> List<T> carryOut(
      T clean, BiFunction<T, Integer, List<T>> substitute, Predicate<T> fooled) {
    List<T> texts = new ArrayList<>(List.of(clean));
    for (int word : order) {
      if (fooled.test(texts.getLast())) {
        break;
      }
      texts.addAll(substitute.apply(texts.getLast(), word));
    }
    return texts;
  }
}
