package dev.bulwark.robust.attack;

/**
 * In which order candidates are tried. Written as plain sequential code: the runner sets many
 * searches side by side and scores what they ask for together. Implementations keep no state.
 */
@FunctionalInterface
public interface Search {
  /**
   * Looks for a text that reaches the goal.
   *
   * @param space the candidates and their scores
   * @param start the unchanged text, which does not reach the goal
   * @return the text found, or the best one if none reaches the goal
   */
  Scored search(SearchSpace space, Scored start);
}
