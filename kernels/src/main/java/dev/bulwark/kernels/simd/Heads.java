package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * What both directions of attention share: where a head lies in memory, and copies of it.
 *
 * <p>The tokens of a head are copied to rows [S][ld], where ld is D rounded up to {@link #W}. A
 * "turned" panel [D][W] has tokens across.
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

  /** Copies between tokens of a head and panels or rows. */
  @FunctionalInterface
  private interface Move {
    void run(Head h, Tensor t, int token, int n, float[] x, float[] factors);
  }

  // Called through a table, which the compiler cannot look through: see HeadBlock.
  private static final Move[] MOVES = {Heads::copyWhole, Heads::copyPart, Heads::store};
  private static final float[] NONE = {};

  /** The turned panel [D][W] of rows [.., ld] from one on. */
  static void turn(Head h, float[] rows, int token, float[] panel) {
    int ld = h.paddedFeatures();
    int n = Math.min(W, h.tokens() - token);
    Turn.lines(rows, token * ld, ld, 1, n, h.features(), panel, 0, W);
    Turn.clear(W - n, h.features(), panel, n, W);
  }

  /** Copies all tokens to rows [.., ld], padded with zeros: whole rows arrive fastest. */
  static float[] copy(Head h, Tensor t, int slot) {
    // A tile may read rows beyond the last; nothing comes of them.
    int size = (h.tokens() + GemmTiles.ROWS) * h.paddedFeatures();
    float[] rows = Scratch.get().floats(slot, size);
    MOVES[h.features() % W == 0 ? 0 : 1].run(h, t, 0, h.tokens(), rows, NONE);
    return rows;
  }

  /** Writes n rows [.., ld], times a factor each, to tokens of a head. */
  static void store(Head h, float[] rows, int n, float[] factors, Tensor t, int token) {
    MOVES[2].run(h, t, token, n, rows, factors);
  }

  private static void copyWhole(Head h, Tensor t, int token, int n, float[] rows, float[] unused) {
    float[] x = t.heap().floats();
    int from = h.at(t) + token * t.stride(0);
    int ld = h.paddedFeatures();
    for (int d = 0; d < ld; d += W) {
      for (int i = 0; i < n; i++) {
        load(x, from + d + i * t.stride(0)).intoArray(rows, i * ld + d);
        load(x, from + d + i * t.stride(0) + L).intoArray(rows, i * ld + d + L);
      }
    }
  }

  private static void copyPart(Head h, Tensor t, int token, int n, float[] rows, float[] unused) {
    int from = h.at(t) + token * t.stride(0);
    int ld = h.paddedFeatures();
    for (int i = 0; i < n; i++) {
      int to = i * ld;
      System.arraycopy(t.heap().floats(), from + i * t.stride(0), rows, to, h.features());
      Arrays.fill(rows, to + h.features(), to + ld, 0f);
    }
  }

  private static void store(Head h, Tensor t, int token, int n, float[] rows, float[] factors) {
    float[] x = t.heap().floats();
    int to = h.at(t) + token * t.stride(0);
    int d = 0;
    for (; d + L <= h.features(); d += L) {
      for (int i = 0; i < n; i++) {
        FloatVector row = load(rows, i * h.paddedFeatures() + d);
        row.mul(factors[i]).intoArray(x, to + d + i * t.stride(0));
      }
    }
    for (; d < h.features(); d++) {
      for (int i = 0; i < n; i++) {
        x[to + d + i * t.stride(0)] = rows[i * h.paddedFeatures() + d] * factors[i];
      }
    }
  }

  /** Writes n rows of a padded array, times a factor, to tokens of a head. */
  static void store(Head h, float[] rows, int n, float factor, Tensor t, int token) {
    float[] factors = Scratch.get().floats(Scratch.BLOCK, n);
    Arrays.fill(factors, 0, n, factor);
    store(h, rows, n, factors, t, token);
  }

  /** Products [S][W] of all rows [.., ld] with a turned panel, of which some lanes count. */
  static void products(Head h, float[] rows, float[] turned, int lanes, float[] products) {
    int ld = h.paddedFeatures();
    for (int i = 0; i < h.tokens(); i += GemmTiles.ROWS) {
      HeadTiles.rows(lanes > L, h.features(), rows, i * ld, ld, turned, 0, W, products, i * W, W);
    }
  }

  /** factor * a · b for each of W tokens from one on, 0 for what is beyond the last. */
  static void dots(Head h, int token, int n, Tensor a, Tensor b, float factor, float[] dots) {
    float[] x = a.heap().floats();
    float[] y = b.heap().floats();
    int atX = h.at(a) + token * a.stride(0);
    int atY = h.at(b) + token * b.stride(0);
    float[] sums = Scratch.get().floats(Scratch.BLOCK, W * L);
    Arrays.fill(sums, 0, n * L, 0f);
    int d = 0;
    for (; d + L <= h.features(); d += L) {
      for (int i = 0; i < n; i++) {
        FloatVector left = load(x, atX + d + i * a.stride(0));
        FloatVector right = load(y, atY + d + i * b.stride(0));
        left.fma(right, load(sums, i * L)).intoArray(sums, i * L);
      }
    }
    for (; d < h.features(); d++) {
      for (int i = 0; i < n; i++) {
        sums[i * L] =
            Math.fma(x[atX + d + i * a.stride(0)], y[atY + d + i * b.stride(0)], sums[i * L]);
      }
    }
    for (int i = 0; i < n; i++) {
      dots[i] = factor * Lanes.sum(load(sums, i * L));
    }
    Arrays.fill(dots, n, W, 0f);
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
