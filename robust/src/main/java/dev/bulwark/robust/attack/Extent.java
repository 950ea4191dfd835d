package dev.bulwark.robust.attack;

/** Which words belong to a word's surroundings. */
public enum Extent {
  /** Those of both columns. */
  ALL,
  /** Those of its own column. */
  COLUMN
}
