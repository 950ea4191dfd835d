package dev.bulwark.robust.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Greedy search with word importance ranking: ranks the words once on the clean text, then visits
 * them in that order and keeps the best candidate of each that helps. Of several successful
 * candidates at a word, the one of highest noted similarity is taken. Ties go to the earlier word
 * and the earlier proposal.
 *
 * @param importance the ranking
 * @param rule what is kept and what is paid for
 */
public record GreedyWordSwap(Importance importance, Rule rule) implements Search {

  /** Where TextAttack and the code of TextFooler's authors differ. */
  public enum Rule {
    /**
     * As TextAttack: only allowed candidates are paid for; the best one is kept if it beats the
     * current text; success is looked for among the best ones only.
     */
    TEXTATTACK,
    /**
     * As TextFooler's authors: every proposal is paid for, before constraints; any successful
     * candidate ends the search; otherwise the best one is kept if it beats the clean text.
     */
    PAPER
  }

  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble(Scored::score).reversed();

  @Override
  public Scored search(SearchSpace space, Scored start) {
    Scored current = start;
    for (int index : ranking(space, start)) {
      if (space.exhausted()) {
        break;
      }
      List<Scored> results = new ArrayList<>(results(space, current.text(), index));
      if (results.isEmpty()) {
        continue;
      }
      results.sort(BEST_FIRST);
      List<Scored> successes = successes(results, current);
      if (!successes.isEmpty()) {
        return mostSimilar(successes);
      }
      double bar = rule == Rule.PAPER ? start.score() : current.score();
      if (results.getFirst().score() > bar) {
        current = results.getFirst();
      }
    }
    return current;
  }

  private List<Integer> ranking(SearchSpace space, Scored start) {
    List<Integer> positions = space.positions(start.text());
    double[] scores = importance.of(space, start, positions);
    return IntStream.range(0, positions.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .map(positions::get)
        .toList();
  }

  private List<Scored> results(SearchSpace space, AttackedText current, int index) {
    List<AttackedText> proposals = space.propose(current, index);
    if (rule == Rule.TEXTATTACK) {
      return space.score(space.filter(proposals, current));
    }
    int paid = space.charge(proposals.size());
    return space.evaluate(space.filter(proposals.subList(0, paid), current));
  }

  private List<Scored> successes(List<Scored> bestFirst, Scored current) {
    if (rule == Rule.PAPER) {
      return bestFirst.stream().filter(Scored::reached).toList();
    }
    boolean helps = bestFirst.getFirst().score() > current.score();
    return helps ? bestFirst.stream().takeWhile(Scored::reached).toList() : List.of();
  }

  /** Without noted similarities, the best by score, which comes first. */
  private static Scored mostSimilar(List<Scored> bestFirst) {
    Scored best = bestFirst.getFirst();
    for (Scored s : bestFirst) {
      if (s.text().similarity() > best.text().similarity()) {
        best = s;
      }
    }
    return best;
  }
}
