package dev.bulwark.robust.attack;

import java.util.List;

/**
 * A rule on what an attack may do: on the words it may touch, on the texts it may propose, or both.
 * Implementations are pure and safe to share between threads.
 */
public interface Constraint {
  /** What applying a constraint costs; cheap ones are applied first. */
  enum Cost {
    /** Looks at words or a table. */
    LOOKUP,
    /** Runs a tagger or another small statistical model. */
    TAGGER,
    /** Runs a neural network. */
    NETWORK
  }

  /** {@return what {@link #keep} costs} */
  default Cost cost() {
    return Cost.LOOKUP;
  }

  /**
   * Whether a word may be touched at all; asked before anything is proposed.
   *
   * @param current the text as changed so far
   * @param index a word's number in it
   * @return true when it may
   */
  default boolean mayChange(AttackedText current, int index) {
    return true;
  }

  /**
   * Those of the proposed texts that are allowed. Only the words that the last step brought in need
   * a look.
   *
   * @param candidates texts that are one step from the current one
   * @param current the text as changed so far
   * @return the allowed ones in their order, perhaps with a similarity noted
   */
  default List<AttackedText> keep(List<AttackedText> candidates, AttackedText current) {
    return candidates;
  }
}
