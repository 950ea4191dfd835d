package dev.bulwark.tensor.backend;

/** How an axis is reduced. Sums run in a fixed order, so the same input gives the same bits. */
public enum Reduce {
  /** Sum; 0 over nothing. */
  SUM,
  /** Largest element; minus infinity over nothing; NaN if any is NaN. */
  MAX,
  /** Smallest element; infinity over nothing; NaN if any is NaN. */
  MIN
}
