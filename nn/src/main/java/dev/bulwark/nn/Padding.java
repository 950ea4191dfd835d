package dev.bulwark.nn;

/**
 * How an encoder treats padding.
 *
 * @param packed true: padding is left out and sequences lie end to end; hidden states of padding
 *     are zero. false: padding is computed, and kept out of the attention by a bias
 * @param bias what is added to the score of a padded key when not packed, such as -10000
 */
public record Padding(boolean packed, double bias) {
  /** Only real tokens are computed. */
  public static final Padding PACKED = new Padding(true, 0);

  /**
   * Padding is computed, and its keys get this bias.
   *
   * @param bias a large negative number, or minus infinity
   * @return the mode
   */
  public static Padding masked(double bias) {
    return new Padding(false, bias);
  }
}
