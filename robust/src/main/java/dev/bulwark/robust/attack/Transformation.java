package dev.bulwark.robust.attack;

import dev.bulwark.tensor.Rng;
import java.util.List;

/** What may stand in a word's place. */
@FunctionalInterface
public interface Transformation {
  /**
   * Texts that differ from the current one at one word.
   *
   * @param current the text as changed so far
   * @param index a word's number in it
   * @param rng this call's own stream, for transformations that draw
   * @return the proposals, the best first
   */
  List<AttackedText> propose(AttackedText current, int index, Rng rng);
}
