package dev.bulwark.nn.text;

import java.util.Arrays;

/** The tokens of one text while it is scanned: a list of (id, start, end, word) in one array. */
final class TokenRow {
  private static final int WIDTH = 4;
  private int[] cells;
  private int used;

  TokenRow(int expected) {
    cells = new int[WIDTH * Math.max(4, expected)];
  }

  void add(int id, int start, int end, int word) {
    if (used == cells.length) {
      cells = Arrays.copyOf(cells, Math.multiplyExact(2, used));
    }
    cells[used] = id;
    cells[used + 1] = start;
    cells[used + 2] = end;
    cells[used + 3] = word;
    used += WIDTH;
  }

  int size() {
    return used / WIDTH;
  }

  /** Forgets what was added after the first {@code size} tokens. */
  void cut(int size) {
    used = size * WIDTH;
  }

  int id(int i) {
    return cells[WIDTH * i];
  }

  int start(int i) {
    return cells[WIDTH * i + 1];
  }

  int end(int i) {
    return cells[WIDTH * i + 2];
  }

  int word(int i) {
    return cells[WIDTH * i + 3];
  }
}
