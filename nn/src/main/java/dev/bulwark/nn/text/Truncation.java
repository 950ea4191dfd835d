package dev.bulwark.nn.text;

/**
 * Which tokens go when an encoding is too long. Always from the right end, as Hugging Face fast
 * tokenizers do it.
 */
public enum Truncation {
  /**
   * Shortens the longer text of a pair until both are equally long, then both; the second text
   * keeps the odd token.
   */
  LONGEST_FIRST,
  /** Shortens the first text only; an error if that cannot be enough. */
  ONLY_FIRST,
  /** Shortens the second text only; an error if that cannot be enough, or if there is none. */
  ONLY_SECOND,
  /** Keeps everything. */
  DO_NOT_TRUNCATE;

  /** Tokens kept of each text, special ones not counted. */
  record Kept(int first, int second) {}

  /**
   * Shares a budget between two texts. Lengths above {@code budget + 1} give the same answer as
   * {@code budget + 1}, so a scanner may stop there.
   *
   * @param first tokens of the first text
   * @param second tokens of the second text, 0 if there is none
   * @param hasSecond whether there is a second text
   * @param budget most tokens of both together, 0 or more
   */
  Kept keep(int first, int second, boolean hasSecond, int budget) {
    long total = (long) first + second;
    if (this == DO_NOT_TRUNCATE || total <= budget) {
      return new Kept(first, second);
    }
    if (budget == 0) {
      return new Kept(0, 0);
    }
    return switch (this) {
      case ONLY_FIRST -> new Kept(shorten(first, budget - second, budget), second);
      case ONLY_SECOND -> {
        if (!hasSecond) {
          throw new IllegalArgumentException(
              "Truncation error: ONLY_SECOND was asked for but no second text was given.");
        }
        yield new Kept(first, shorten(second, budget - first, budget));
      }
      default -> hasSecond ? longestFirst(first, second, budget) : new Kept(budget, 0);
    };
  }

  private int shorten(int length, int room, int budget) {
    if (room <= 0) {
      throw new IllegalArgumentException(
          ("Truncation error: the text to cut by %s has %d tokens, too few to bring the pair down"
                  + " to %d tokens besides special ones; raise the limit or use LONGEST_FIRST.")
              .formatted(this, length, budget));
    }
    return room;
  }

  private static Kept longestFirst(int first, int second, int budget) {
    int shorter = Math.min(first, second);
    // The longer text gets what the shorter leaves, but is never cut below it ...
    int longer = Math.max(shorter, budget - shorter);
    if ((long) shorter + longer > budget) {
      // ... and if both are too long they share evenly. The odd token goes to the longer one, which
      // is the second when they tie.
      shorter = budget / 2;
      longer = budget - shorter;
    }
    return first > second ? new Kept(longer, shorter) : new Kept(shorter, longer);
  }
}
