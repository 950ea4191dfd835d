package dev.bulwark.robust.attack;

import dev.bulwark.robust.lexicon.Pos;
import dev.bulwark.robust.lexicon.PosTagger;
import dev.bulwark.robust.lexicon.StopWords;
import java.util.ArrayList;
import java.util.List;

/** The constraints that need no neural network. */
public final class Constraints {
  private static final int WORDS_BEFORE = 4;
  private static final int WORDS_AFTER = 3;

  private Constraints() {}

  /** {@return a rule that changes each word at most once} */
  public static Constraint noRepeat() {
    return new Constraint() {
      @Override
      public boolean mayChange(AttackedText current, int index) {
        return !current.modified(index);
      }
    };
  }

  /**
   * Leaves stop words alone.
   *
   * @param words the stop words
   * @return the rule
   */
  public static Constraint noStopWords(StopWords words) {
    return new Constraint() {
      @Override
      public boolean mayChange(AttackedText current, int index) {
        return !words.contains(current.word(index));
      }
    };
  }

  /**
   * {@return a rule that leaves the premise of a pair alone; single texts are not touched by it}
   */
  public static Constraint hypothesisOnly() {
    return new Constraint() {
      @Override
      public boolean mayChange(AttackedText current, int index) {
        return current.column(index) == current.columns() - 1;
      }
    };
  }

  /**
   * Keeps the part of speech of the original word, tagged among its 4 neighbours before and 3
   * after. A word is tagged at its own place in that window, also when it occurs there twice.
   *
   * @param tagger tells the parts of speech
   * @param nounVerb whether nouns and verbs may stand for each other
   * @return the rule
   */
  public static Constraint samePos(PosTagger tagger, boolean nounVerb) {
    return new Constraint() {
      @Override
      public Cost cost() {
        return Cost.TAGGER;
      }

      @Override
      public List<AttackedText> keep(List<AttackedText> candidates, AttackedText current) {
        return candidates.stream().filter(c -> keepsPos(c, tagger, nounVerb)).toList();
      }
    };
  }

  private static boolean keepsPos(AttackedText candidate, PosTagger tagger, boolean nounVerb) {
    AttackedText original = candidate.original();
    for (int i = 0; i < candidate.freshCount(); i++) {
      int index = candidate.firstFresh() + i;
      int origin = candidate.origin(index);
      int at = Math.min(origin, WORDS_BEFORE);
      List<String> window =
          new ArrayList<>(original.wordsAround(origin, WORDS_BEFORE, WORDS_AFTER));
      Pos before = tagger.tagAt(window, at);
      window.set(at, candidate.word(index));
      if (!before.admits(tagger.tagAt(window, at), nounVerb)) {
        return false;
      }
    }
    return true;
  }
}
