package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.L;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
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

  /** Turned panels of all tokens: panel p holds tokens p W and on, [D][W] each. */
  static void turn(Head h, Tensor t, float[] panels) {
    for (int token = 0; token < h.tokens(); token += W) {
      turn(h, t, token, panels, token * h.features());
    }
  }

  /** The turned panel [D][W] that starts at a token. */
  static void turn(Head h, Tensor t, int token, float[] panel, int to) {
    Packing.pack(
        t.heap().floats(),
        h.at(t) + token * t.stride(0),
        t.stride(0),
        1,
        Math.min(W, h.tokens() - token),
        h.features(),
        panel,
        to,
        W);
  }

  /** Straight panels of n tokens: panel p holds features p W and on, [n][W] each. */
  static void copy(Head h, Tensor t, int token, int n, float[] panels) {
    for (int d = 0; d < h.features(); d += W) {
      Packing.pack(
          t.heap().floats(),
          h.at(t) + token * t.stride(0) + d,
          1,
          t.stride(0),
          Math.min(W, h.features() - d),
          n,
          panels,
          d * n,
          W);
    }
  }

  /** Writes rows of a [.., ld] array to tokens of a head. */
  static void store(Head h, float[] rows, int from, int ld, int n, Tensor t, int token) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(
          rows,
          from + i * ld,
          t.heap().floats(),
          h.at(t) + (token + i) * t.stride(0),
          h.features());
    }
  }

  /** scores [S][W] of all keys against one turned panel of queries, without scale and bias. */
  static void products(Head h, float[] turnedKeys, float[] turnedQueries, float[] scores) {
    for (int key = 0; key < h.tokens(); key += Tiles.ROWS) {
      int panel = key / W * W;
      Tiles.down(
          h.features(),
          turnedKeys,
          panel * h.features() + key - panel,
          turnedQueries,
          0,
          scores,
          key * W,
          W);
    }
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

  /** Random words [S][W]: of query i0 + i and key j at [j][i], as {@link AttentionSpec} says. */
  static int[] words(AttentionSpec spec, long base, Head h, int i0) {
    int length = h.tokens();
    int row = (length + 3) / 4; // blocks of one query
    int[] words = Scratch.get().ints(row * 4 * W);
    long block = base / 4 + ((long) h.head() * length + i0) * row;
    for (int j = 0; j < length; j += 4) {
      for (int i = 0; i < W; i += L) {
        Philox.columns(spec.rng(), block + (long) i * row + j / 4, row, words, j * W + i, W);
      }
    }
    return words;
  }
}
