package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * What both directions of attention share: where a head lies in memory, and panels of it.
 *
 * <p>A panel is {@link #W} wide, [k][W]. "Turned" panels have tokens across (k runs over D),
 * "straight" ones have features across (k runs over tokens).
 */
final class Heads {
  /** Width of a panel: queries in a block, or features in a strip. */
  static final int W = 2 * L;

  private Heads() {}

  /** One head of one sequence. */
  record Head(int sequence, int head, int firstToken, int tokens, int features) {
    int at(Tensor t) {
      return t.offset() + firstToken * t.stride(0) + head * t.stride(1);
    }

    /** Tokens rounded up to whole panels. */
    int paddedTokens() {
      return up(tokens);
    }

    /** Features rounded up to whole panels. */
    int paddedFeatures() {
      return up(features);
    }
  }

  /** Work on one head. */
  @FunctionalInterface
  interface Body {
    void run(Head head);
  }

  /** Runs a body for every head of every sequence, in parallel. */
  static void forEach(AttentionSpec spec, int heads, int features, Body body) {
    int[] offsets = spec.offsets();
    Parallel.run(
        spec.sequences() * heads,
        task -> {
          int b = task / heads;
          int tokens = offsets[b + 1] - offsets[b];
          if (tokens > 0) {
            body.run(new Head(b, task % heads, offsets[b], tokens, features));
          }
        });
  }

  static int up(int n) {
    return (n + W - 1) / W * W;
  }

  /** The turned panel [D][W] that starts at a token. */
  static void turn(Head h, Tensor t, int token, float[] panel) {
    Packing.pack(
        t.heap().floats(),
        h.at(t) + token * t.stride(0),
        t.stride(0),
        1,
        Math.min(W, h.tokens() - token),
        h.features(),
        panel,
        0,
        W);
  }

  /** Straight panels of n tokens: panel p holds features p W and on, [n][W] each. */
  static void copy(Head h, Tensor t, int token, int n, float[] panels) {
    float[] x = t.heap().floats();
    int from = h.at(t) + token * t.stride(0);
    for (int d = 0; d < h.features(); d += W) {
      int count = Math.min(W, h.features() - d);
      if (count == W) {
        copyWide(x, from + d, t.stride(0), n, panels, d * n);
      } else {
        copyPart(x, from + d, t.stride(0), count, n, panels, d * n);
      }
    }
  }

  private static void copyWide(float[] x, int from, int stride, int n, float[] panel, int to) {
    for (int i = 0; i < n; i++) {
      load(x, from + i * stride).intoArray(panel, to + i * W);
      load(x, from + i * stride + L).intoArray(panel, to + i * W + L);
    }
  }

  private static void copyPart(
      float[] x, int from, int stride, int count, int n, float[] panel, int to) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, from + i * stride, panel, to + i * W, count);
      Arrays.fill(panel, to + i * W + count, to + (i + 1) * W, 0f);
    }
  }

  /** Writes n rows of a [.., ld] array, times a factor each, to tokens of a head. */
  static void store(
      Head h, float[] rows, int ld, int n, float[] factors, int first, Tensor t, int token) {
    int to = h.at(t) + token * t.stride(0);
    for (int i = 0; i < n; i++) {
      store(
          rows, i * ld, factors[first + i], t.heap().floats(), to + i * t.stride(0), h.features());
    }
  }

  /** Writes n rows of a [.., ld] array, times a factor, to tokens of a head. */
  static void store(Head h, float[] rows, int ld, int n, float factor, Tensor t, int token) {
    int to = h.at(t) + token * t.stride(0);
    for (int i = 0; i < n; i++) {
      store(rows, i * ld, factor, t.heap().floats(), to + i * t.stride(0), h.features());
    }
  }

  private static void store(float[] row, int from, float factor, float[] x, int to, int n) {
    int d = 0;
    for (; d + L <= n; d += L) {
      load(row, from + d).mul(factor).intoArray(x, to + d);
    }
    for (; d < n; d++) {
      x[to + d] = row[from + d] * factor;
    }
  }

  /** Products [S][W] of the rows of all tokens with one turned panel, of which some lanes count. */
  static void products(Head h, Tensor t, float[] turned, int lanes, float[] products) {
    int depth = h.features();
    boolean wide = lanes > L;
    int whole = h.tokens() / Tiles.ROWS * Tiles.ROWS;
    float[] x = t.heap().floats();
    for (int key = 0; key < whole; key += Tiles.ROWS) {
      int at = h.at(t) + key * t.stride(0);
      HeadTiles.rows(wide, depth, x, at, t.stride(0), turned, 0, products, key * W, W);
    }
    if (whole < h.tokens()) { // rows that are not there must not be read
      float[] rest = Scratch.get().floats(Scratch.BLOCK_2, Tiles.ROWS * depth);
      for (int key = whole; key < h.tokens(); key++) {
        System.arraycopy(x, h.at(t) + key * t.stride(0), rest, (key - whole) * depth, depth);
      }
      HeadTiles.rows(wide, depth, rest, 0, depth, turned, 0, products, whole * W, W);
    }
  }

  /** factor * a · b for each of W tokens from one on, 0 for what is beyond the last. */
  static void dots(Head h, int token, int rows, Tensor a, Tensor b, float factor, float[] dots) {
    for (int i = 0; i < rows; i++) {
      int atA = h.at(a) + (token + i) * a.stride(0);
      int atB = h.at(b) + (token + i) * b.stride(0);
      dots[i] = factor * dot(a.heap().floats(), atA, b.heap().floats(), atB, h.features());
    }
    Arrays.fill(dots, rows, W, 0f);
  }

  private static float dot(float[] a, int atA, float[] b, int atB, int n) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    int d = 0;
    for (; d + L <= n; d += L) {
      sum = load(a, atA + d).fma(load(b, atB + d), sum);
    }
    float rest = 0;
    for (; d < n; d++) {
      rest = Math.fma(a[atA + d], b[atB + d], rest);
    }
    return Lanes.sum(sum) + rest;
  }

  /** keyBias of each key of a head, or zeros. */
  static float[] biases(Head h, @Nullable Tensor keyBias) {
    float[] bias = Scratch.get().floats(Scratch.ATTENTION, h.tokens());
    for (int j = 0; j < h.tokens(); j++) {
      bias[j] =
          keyBias == null
              ? 0
              : keyBias.heap()
                  .floats()[keyBias.offset() + (h.firstToken() + j) * keyBias.stride(0)];
    }
    return bias;
  }
}
