package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

import java.util.Arrays;

/** Writes the lines of a matrix as columns: {@code y[k][w] = x(w, k)}. */
final class Turn {
  /** Whether gathering is one instruction; without it the library goes lane by lane. */
  static final boolean GATHERS = L == 16;

  private Turn() {}

  /** Places of L elements that are a distance apart, for a gathering load. */
  static int[] places(int distance) {
    int[] places = Scratch.get().ints(L);
    for (int i = 0; i < L; i++) {
      places[i] = i * distance;
    }
    return places;
  }

  /**
   * Turns some lines.
   *
   * @param x the matrix
   * @param at place of x(0, 0)
   * @param across distance of neighbours in w
   * @param along distance of neighbours in k
   * @param count lines w
   * @param depth elements k of a line
   * @param y receives the columns
   * @param to place of y[0][0]
   * @param width distance of neighbours in k there
   */
  static void lines(
      float[] x,
      int at,
      int across,
      int along,
      int count,
      int depth,
      float[] y,
      int to,
      int width) {
    int w = 0;
    for (; w + 4 <= count; w += 4) {
      four(x, at + w * across, across, along, depth, y, to + w, width);
    }
    for (; w < count; w++) {
      one(x, at + w * across, along, depth, y, to + w, width);
    }
  }

  /** Sets n columns of y to zero. */
  static void clear(int n, int depth, float[] y, int to, int width) {
    for (int k = 0; n > 0 && k < depth; k++) {
      Arrays.fill(y, to + k * width, to + k * width + n, 0);
    }
  }

  /** Four at a time, so that every store fills part of a line that the next one finds. */
  private static void four(
      float[] x, int p0, int across, int along, int depth, float[] y, int to, int width) {
    int p1 = p0 + across;
    int p2 = p1 + across;
    int p3 = p2 + across;
    for (int k = 0; k < depth; k++) {
      int q = to + k * width;
      int o = k * along;
      y[q] = x[p0 + o];
      y[q + 1] = x[p1 + o];
      y[q + 2] = x[p2 + o];
      y[q + 3] = x[p3 + o];
    }
  }

  private static void one(float[] x, int at, int along, int depth, float[] y, int to, int width) {
    for (int k = 0; k < depth; k++) {
      y[to + k * width] = x[at + k * along];
    }
  }
}
