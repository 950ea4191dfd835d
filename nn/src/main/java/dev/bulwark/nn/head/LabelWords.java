package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How scores of label words become scores of classes (MVP, Raman et al., EMNLP 2023): pooled over
 * the words of a class, then over the templates of an example, always on logits and never on
 * probabilities.
 *
 * @param ids the N label words
 * @param classOf class of each word, in [0, C); every class has a word
 * @param overWords how the words of a class are pooled
 * @param templates T, rows of an example
 * @param overTemplates how the rows of an example are pooled
 */
public record LabelWords(
    List<Integer> ids, List<Integer> classOf, Pool overWords, int templates, Pool overTemplates) {
  /** Many scores into one. */
  public enum Pool {
    /** The largest, which alone gets the gradient. */
    MAX,
    /** The mean. */
    MEAN;

    /** The last axis into one number, [..., K] to [..., 1]. */
    Variable last(Variable x) {
      if (x.dim(-1) == 1) {
        return x;
      }
      return switch (this) {
        case MAX -> Indexing.topK(x, 1).values();
        case MEAN -> Views.unsqueeze(x.mean(-1), -1);
      };
    }
  }

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a word has no class, a class no word, or there is no
   *     template
   */
  public LabelWords {
    ids = List.copyOf(ids);
    classOf = List.copyOf(classOf);
    if (ids.size() != classOf.size() || ids.isEmpty() || templates < 1) {
      throw new IllegalArgumentException(
          "%d label words with %d classes and %d templates make no classifier"
              .formatted(ids.size(), classOf.size(), templates));
    }
    for (int c = 0; c < count(classOf); c++) {
      if (!classOf.contains(c)) {
        throw new IllegalArgumentException(
            "class " + c + " has no label word; give it one that is a single token");
      }
    }
  }

  private static int count(List<Integer> classOf) {
    return classOf.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
  }

  /** C. */
  public int classes() {
    return count(classOf);
  }

  /** The label words as an I32 tensor [N]. */
  Tensor idTensor() {
    return Tensor.of(Shape.of(ids.size()), array());
  }

  /**
   * The label words' part of scores of the whole vocabulary.
   *
   * @param scores [R, V]
   * @return [R, N]
   */
  public Variable candidates(Variable scores) {
    return columns(scores, array());
  }

  /**
   * Pools over the words of each class.
   *
   * @param candidates [R, N], scores of the label words
   * @return [R, C]
   */
  public Variable perClass(Variable candidates) {
    List<Variable> pooled = new ArrayList<>();
    for (int c = 0; c < classes(); c++) {
      int wanted = c;
      int[] mine =
          IntStream.range(0, classOf.size()).filter(i -> classOf.get(i) == wanted).toArray();
      pooled.add(overWords.last(columns(candidates, mine)));
    }
    return Views.concat(pooled, 1);
  }

  /**
   * Pools over the templates of each example.
   *
   * @param perClass [R, C] for R = B * T rows, those of an example together
   * @return [B, C]
   * @throws IllegalArgumentException if the rows are no multiple of T
   */
  public Variable perExample(Variable perClass) {
    int rows = perClass.dim(0);
    if (rows % templates != 0) {
      throw new IllegalArgumentException(
          rows + " rows are no whole number of examples with " + templates + " templates each");
    }
    int classes = perClass.dim(1);
    Variable last = perClass.reshape(rows / templates, templates, classes).transpose(1, 2);
    return Views.reshape(overTemplates.last(last), rows / templates, classes);
  }

  private static Variable columns(Variable x, int[] chosen) {
    int[] index = new int[x.dim(0) * chosen.length];
    Arrays.setAll(index, i -> chosen[i % chosen.length]);
    return Indexing.gather(x, 1, Tensor.of(Shape.of(x.dim(0), chosen.length), index));
  }

  private int[] array() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
