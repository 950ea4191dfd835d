package dev.bulwark.nn.text;

import java.util.Arrays;

/**
 * Decomposition with canonical ordering, for the rare text in which ordering shows (see {@link
 * BertUnicode#MOVES}); everywhere else decomposing code point by code point gives the same.
 *
 * <p>Code points are put in with their source range and come out of {@link #drain} in order. As in
 * Hugging Face, an output code point has the source of the input at its own place in line, not of
 * the one it came from: sources stay where they are while marks move over them.
 */
final class CanonicalOrder {
  /** Takes what comes out. */
  interface Sink {
    void accept(int codePoint, int from, int to);
  }

  private static final int CLASS_SHIFT = 32;
  private static final long FIRST_PART = 1L << 31;

  private final int[] parts = new int[4];
  private long[] cells =
      new long[16]; // class, whether it is the first part of its source, code point
  private int size;
  private int[] sources = new int[16]; // from, to
  private int sourceSize;

  void add(int codePoint, int entry, int from, int to) {
    if (sourceSize == sources.length) {
      sources = Arrays.copyOf(sources, 2 * sourceSize);
    }
    sources[sourceSize++] = from;
    sources[sourceSize++] = to;
    int count = 1;
    if ((entry & BertUnicode.DECOMPOSES) == 0) {
      parts[0] = codePoint;
    } else {
      count = BertUnicode.decompose(codePoint, entry, parts);
    }
    for (int i = 0; i < count; i++) {
      if (size == cells.length) {
        cells = Arrays.copyOf(cells, 2 * size);
      }
      long combining = BertUnicode.combiningClass(parts[i]);
      cells[size++] = combining << CLASS_SHIFT | (i == 0 ? FIRST_PART : 0) | parts[i];
    }
  }

  /** Hands everything out and is empty after. */
  void drain(Sink sink) {
    order();
    int source = -2;
    for (int i = 0; i < size; i++) {
      // What is not the first part of something counts as inserted after the source before it.
      if ((cells[i] & FIRST_PART) != 0) {
        source += 2;
      }
      sink.accept((int) (cells[i] & 0x1FFFFF), sources[source], sources[source + 1]);
    }
    size = 0;
    sourceSize = 0;
  }

  /** Sorts each run of code points with a class by class, keeping equals in order. */
  private void order() {
    int i = 0;
    while (i < size) {
      int start = i;
      while (i < size && cells[i] >>> CLASS_SHIFT != 0) {
        i++;
      }
      if (i - start > 1) {
        sort(start, i);
      }
      i++;
    }
  }

  /** A stable merge sort from the library: runs can be as long as a hostile text makes them. */
  private void sort(int from, int to) {
    Long[] run = new Long[to - from];
    Arrays.setAll(run, i -> cells[from + i]);
    Arrays.sort(run, (a, b) -> Long.compare(a >>> CLASS_SHIFT, b >>> CLASS_SHIFT));
    for (int i = 0; i < run.length; i++) {
      cells[from + i] = run[i];
    }
  }
}
