package dev.bulwark.robust.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The search of PWWS: probes every word and every substitute on the clean text, then substitutes by
 * {@link WeightedSaliency falling weighted saliency} until the prediction changes. When the budget
 * ends during the probes, nothing is changed.
 *
 * @param hidden what stands in a word's place to see how much it matters
 */
public record SaliencySearch(String hidden) implements Search {
  @Override
  public Scored search(SearchSpace space, Scored start) {
    AttackedText clean = start.text();
    List<Integer> positions = space.positions(clean);
    List<List<AttackedText>> candidates =
        positions.stream().map(i -> space.candidates(clean, i)).toList();
    List<AttackedText> probes = new ArrayList<>();
    positions.forEach(i -> probes.add(clean.replace(i, hidden)));
    candidates.forEach(probes::addAll);
    List<Scored> scored = space.score(probes);
    if (scored.size() < probes.size()) {
      return start;
    }
    int gold = space.label();
    double[] p = scored.stream().mapToDouble(s -> s.probabilities()[gold]).toArray();
    int n = positions.size();
    double[][] substituted = new double[n][];
    int next = n;
    for (int i = 0; i < n; i++) {
      substituted[i] = Arrays.copyOfRange(p, next, next + candidates.get(i).size());
      next += candidates.get(i).size();
    }
    WeightedSaliency plan =
        WeightedSaliency.of(start.probabilities()[gold], Arrays.copyOf(p, n), substituted);
    return plan.carryOut(
            start,
            (current, i) -> {
              int position = positions.get(i);
              String word = candidates.get(i).get(plan.best().get(i)).word(position);
              return space.score(List.of(current.text().replace(position, word)));
            },
            Scored::reached)
        .getLast();
  }
}
