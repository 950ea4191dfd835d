package dev.bulwark.nn.text;

/**
 * Which tokens go when an encoding is too long. Always from the right end, as Hugging Face fast
 * tokenizers do it.
 */
public enum Truncation {
  /**
   * Shortens the longer text of a pair until both are equally long, then both. An odd token stays
   * with the longer text, or with the second if they tie; beyond the limit all lengths tie.
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

  /** How many tokens of a text are worth counting. */
  int enough(int limit, int budget) {
    return this == DO_NOT_TRUNCATE
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, Math.max(limit, budget + 1L));
  }

  /**
   * Shares a budget between two texts. A length counts no further than {@link #enough}, so a
   * scanner may stop there.
   *
   * @param first tokens of the first text
   * @param second tokens of the second text, 0 if there is none
   * @param hasSecond whether there is a second text
   * @param limit most tokens, special ones included
   * @param budget most tokens of both texts together, 0 or more: the limit without special tokens
   */
  Kept keep(int first, int second, boolean hasSecond, int limit, int budget) {
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
      default -> hasSecond ? longestFirst(first, second, limit, budget) : new Kept(budget, 0);
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

  private static Kept longestFirst(int first, int second, int limit, int budget) {
    // Hugging Face 0.23 cuts each text to the limit before it compares them, so two texts beyond it
    // tie whatever their lengths.
    boolean firstIsLonger = Math.min(first, limit) > Math.min(second, limit);
    int shorter = Math.min(first, second);
    // The longer text gets what the shorter leaves, but is never cut below it ...
    int longer = Math.max(shorter, budget - shorter);
    if ((long) shorter + longer > budget) {
      // ... and if both are too long they share evenly, the longer one having the odd token.
      shorter = budget / 2;
      longer = budget - shorter;
    }
    return firstIsLonger ? new Kept(longer, shorter) : new Kept(shorter, longer);
  }
}
