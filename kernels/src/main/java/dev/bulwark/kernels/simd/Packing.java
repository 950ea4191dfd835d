package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

/**
 * Copies a strip of a matrix into a panel: {@code panel[k][w] = strip(w, k)}, what is missing in w
 * filled with zeros.
 */
final class Packing {
  private Packing() {}

  /**
   * Packs one panel.
   *
   * @param x the matrix
   * @param at place of strip(0, 0)
   * @param across distance of neighbours in w
   * @param along distance of neighbours in k
   * @param count lines of the strip, at most width
   * @param depth number of k
   * @param panel receives depth * width floats, and perhaps arbitrary ones up to a vector further
   * @param to place of panel[0][0]
   * @param width lines of the panel
   */
  static void pack(
      float[] x,
      int at,
      int across,
      int along,
      int count,
      int depth,
      float[] panel,
      int to,
      int width) {
    if (across == 1 && width % L == 0) {
      copyLines(x, at, along, count, depth, panel, to, width);
    } else if (across == 1 && count == width && width <= 8) {
      copyShort(x, at, along, depth, panel, to, width);
    } else if (along == 1) {
      transpose(x, at, across, count, depth, panel, to, width);
    } else {
      general(x, at, across, along, count, depth, panel, to, width);
    }
  }

  private static void copyLines(
      float[] x, int at, int along, int count, int depth, float[] panel, int to, int width) {
    int whole = F.loopBound(count);
    var mask = Lanes.tail(whole, count);
    for (int k = 0; k < depth; k++) {
      int from = at + k * along;
      int line = to + k * width;
      for (int w = 0; w < whole; w += L) {
        load(x, from + w).intoArray(panel, line + w);
      }
      if (whole < width) {
        load(x, from + whole, mask).intoArray(panel, line + whole);
      }
    }
  }

  private static void copyShort(
      float[] x, int at, int along, int depth, float[] panel, int to, int width) {
    for (int k = 0; k < depth; k++) {
      int from = at + k * along;
      int line = to + k * width;
      for (int w = 0; w < width; w++) {
        panel[line + w] = x[from + w];
      }
    }
  }

  private static void transpose(
      float[] x, int at, int across, int count, int depth, float[] panel, int to, int width) {
    int w = 0;
    for (; w + 4 <= count; w += 4) {
      int p = at + w * across;
      four(x, p, p + across, p + 2 * across, p + 3 * across, depth, panel, to + w, width);
    }
    if (w < width) {
      general(x, at + w * across, across, 1, count - w, depth, panel, to + w, width, width - w);
    }
  }

  private static void four(
      float[] x, int p0, int p1, int p2, int p3, int depth, float[] panel, int to, int width) {
    int q = to;
    for (int k = 0; k < depth; k++) {
      panel[q] = x[p0 + k];
      panel[q + 1] = x[p1 + k];
      panel[q + 2] = x[p2 + k];
      panel[q + 3] = x[p3 + k];
      q += width;
    }
  }

  private static void general(
      float[] x,
      int at,
      int across,
      int along,
      int count,
      int depth,
      float[] panel,
      int to,
      int width) {
    general(x, at, across, along, count, depth, panel, to, width, width);
  }

  private static void general(
      float[] x,
      int at,
      int across,
      int along,
      int count,
      int depth,
      float[] panel,
      int to,
      int width,
      int filled) {
    for (int k = 0; k < depth; k++) {
      int from = at + k * along;
      int line = to + k * width;
      for (int w = 0; w < count; w++) {
        panel[line + w] = x[from + w * across];
      }
      for (int w = count; w < filled; w++) {
        panel[line + w] = 0;
      }
    }
  }
}
