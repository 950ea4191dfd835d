package dev.bulwark.robust.attack;

import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a search sees of one example: the texts it may go to, their scores, and what is left of the
 * budget. Belongs to one search and one thread.
 */
public final class SearchSpace {
  /** Keeps long texts of many examples in flight within a few hundred megabytes. */
  private static final int MAX_ANSWERS = 2048;

  private final Attack attack;
  private final Predictor victim;
  private final int label;
  private final Budget budget;
  private final Rng rng;
  private final Map<TextInput, float[]> answers = // the most recently used
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TextInput, float[]> eldest) {
          return size() > MAX_ANSWERS;
        }
      };
  private int queries;
  private long proposals;

  SearchSpace(Attack attack, Predictor victim, int label, Budget budget, Rng rng) {
    this.attack = attack;
    this.victim = victim;
    this.label = label;
    this.budget = budget;
    this.rng = rng;
  }

  /**
   * The words that may be changed.
   *
   * @param current the text as changed so far
   * @return their numbers in it, rising
   */
  public List<Integer> positions(AttackedText current) {
    List<Integer> allowed = new ArrayList<>();
    for (int i = 0; i < current.size(); i++) {
      if (mayChange(current, i)) {
        allowed.add(i);
      }
    }
    return allowed;
  }

  private boolean mayChange(AttackedText current, int index) {
    return attack.constraints().stream().allMatch(c -> c.mayChange(current, index));
  }

  /**
   * The allowed texts one step away at one word: {@link #propose}, then {@link #filter}.
   *
   * @param current the text as changed so far
   * @param index a word's number in it
   * @return the texts, in the order proposed
   */
  public List<AttackedText> candidates(AttackedText current, int index) {
    return filter(propose(current, index), current);
  }

  /**
   * The proposed texts at one word, before constraints look at them.
   *
   * @param current the text as changed so far
   * @param index a word's number in it
   * @return the texts, each once and none equal to the current one; none if the word may not change
   */
  public List<AttackedText> propose(AttackedText current, int index) {
    if (!mayChange(current, index)) {
      return List.of();
    }
    Rng draw = rng.split("propose").split(proposals++);
    LinkedHashSet<AttackedText> texts =
        new LinkedHashSet<>(attack.transformation().propose(current, index, draw));
    texts.remove(current);
    return new ArrayList<>(texts);
  }

  /**
   * Applies the constraints, cheap ones first.
   *
   * @param candidates texts one step from the current one
   * @param current the text as changed so far
   * @return those allowed, in order
   */
  public List<AttackedText> filter(List<AttackedText> candidates, AttackedText current) {
    List<AttackedText> kept = candidates;
    for (Constraint c : attack.constraints()) {
      if (kept.isEmpty()) {
        break;
      }
      kept = c.keep(kept, current);
    }
    return kept;
  }

  /**
   * Pays for texts and has them scored; a list longer than the rest of the budget is cut to it.
   *
   * @param texts any number of texts
   * @return the scored ones, a prefix of the list
   */
  public List<Scored> score(List<AttackedText> texts) {
    return evaluate(texts.subList(0, charge(texts.size())));
  }

  /**
   * Pays for queries without making them.
   *
   * @param wanted how many
   * @return how many the budget still paid for
   */
  public int charge(int wanted) {
    int paid = Math.min(wanted, budget.maxQueries() - queries);
    queries += paid;
    return paid;
  }

  /**
   * Has texts scored that are paid for already.
   *
   * @param texts any number of texts
   * @return the scored texts, in order
   */
  public List<Scored> evaluate(List<AttackedText> texts) {
    Map<TextInput, float[]> rows = new HashMap<>();
    Set<TextInput> unknown = new LinkedHashSet<>();
    for (AttackedText t : texts) {
      float[] known = answers.get(t.input());
      if (known != null) {
        rows.put(t.input(), known);
      } else {
        unknown.add(t.input());
      }
    }
    if (!unknown.isEmpty()) {
      List<TextInput> asked = new ArrayList<>(unknown);
      float[][] answered = victim.predict(asked);
      for (int i = 0; i < answered.length; i++) {
        rows.put(asked.get(i), checked(answered[i]));
        answers.put(asked.get(i), answered[i]);
      }
    }
    return texts.stream().map(t -> judge(t, rows.get(t.input()))).toList();
  }

  private Scored judge(AttackedText text, float @Nullable [] probabilities) {
    if (probabilities == null) {
      throw new IllegalStateException("the victim answered fewer texts than it was asked");
    }
    Goal.Verdict verdict = attack.goal().judge(text, probabilities, label);
    return new Scored(text, probabilities, verdict.score(), verdict.reached());
  }

  private float[] checked(float[] probabilities) {
    if (probabilities.length != victim.classes()) {
      throw new IllegalStateException(
          "the victim gave " + probabilities.length + " probabilities, not " + victim.classes());
    }
    for (float p : probabilities) {
      if (!Float.isFinite(p)) {
        throw new IllegalStateException(
            "the victim gave a probability of " + p + "; the model's weights may have diverged");
      }
    }
    return probabilities;
  }

  /** {@return whether the budget is spent, at which a search has to end} */
  public boolean exhausted() {
    return queries >= budget.maxQueries();
  }

  /** {@return queries counted so far} */
  public int queries() {
    return queries;
  }

  /** {@return the stream of this example, for searches that draw; split it by name} */
  public Rng rng() {
    return rng.split("search");
  }

  /** {@return the gold class} */
  public int label() {
    return label;
  }
}
