package dev.bulwark.nn.text;

import java.util.Arrays;

/** The columns of an encoding while they are filled from left to right. */
final class EncodingColumns {
  private final int[] ids;
  private final int[] types;
  private final int[] starts;
  private final int[] ends;
  private final boolean[] special;
  private final int[] words;
  private int at;

  EncodingColumns(int length) {
    ids = new int[length];
    types = new int[length];
    starts = new int[length];
    ends = new int[length];
    special = new boolean[length];
    words = new int[length];
  }

  void special(int id, int type) {
    ids[at] = id;
    types[at] = type;
    special[at] = true;
    words[at++] = -1;
  }

  void text(TokenRow row, int count, int type) {
    for (int i = 0; i < count; i++, at++) {
      ids[at] = row.id(i);
      starts[at] = row.start(i);
      ends[at] = row.end(i);
      words[at] = row.word(i);
    }
    Arrays.fill(types, at - count, at, type);
  }

  Encoding encoding() {
    return new Encoding(ids, types, starts, ends, special, words);
  }
}
