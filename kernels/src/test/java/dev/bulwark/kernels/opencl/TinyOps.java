package dev.bulwark.kernels.opencl;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Binary;
import dev.bulwark.tensor.backend.Reduce;
import dev.bulwark.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every op of {@link dev.bulwark.tensor.backend.Kernels} on operands so small that a simulator can
 * run it.
 */
final class TinyOps {
  private static final Rng RNG = Rng.seed(5).split("tiny");

  private final List<Op> all = new ArrayList<>();

  private TinyOps() {}

  /** A call: makes its operands on a back end and gives the results. */
  record Op(String name, Call call) {}

  /** The body of an op. */
  @FunctionalInterface
  interface Call {
    List<Tensor> on(Backend backend);
  }

  static List<Op> all() {
    TinyOps ops = new TinyOps();
    ops.copies();
    ops.elementwise();
    ops.reductions();
    ops.products();
    ops.indexing();
    ops.rows();
    ops.attention();
    ops.draws();
    return ops.all;
  }

  private void add(String name, Call call) {
    all.add(new Op(name, call));
  }

  /** Numbers between -1 and 1, the same for each name. */
  private static Tensor random(Backend b, String name, int... dims) {
    Tensor t = Tensor.empty(Shape.of(dims), DType.F32, Backends.reference());
    Backends.reference().kernels().uniform(Rng.seed(1).split(name), -1, 1, t);
    return t.to(b);
  }

  private static Tensor ints(Backend b, int bound, int... dims) {
    Shape shape = Shape.of(dims);
    int[] values = new int[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = RNG.below(i, bound);
    }
    return on(b, Tensor.of(shape, values));
  }

  /** New tensors are made on the default back end. */
  private static Tensor on(Backend b, Tensor t) {
    return t.to(Backends.reference()).to(b);
  }

  private static Tensor empty(Backend b, DType type, int... dims) {
    return Tensor.empty(Shape.of(dims), type, b);
  }

  private static Tensor empty(Backend b, int... dims) {
    return empty(b, DType.F32, dims);
  }

  private void copies() {
    for (DType type : DType.values()) {
      add(
          "fill " + type,
          b -> {
            Tensor y = empty(b, type, 3, 5);
            b.kernels().fill(y, 2);
            return List.of(y);
          });
      add(
          "copy " + type,
          b -> {
            Tensor x = empty(b, type, 3, 5);
            b.kernels().fill(x, 3);
            Tensor y = empty(b, type, 5, 3);
            b.kernels().copy(x.transpose(0, 1), y);
            return List.of(y);
          });
      add(
          "convert " + type,
          b -> {
            Tensor y = empty(b, type, 7);
            b.kernels().copy(ints(b, 9, 7), y);
            return List.of(y);
          });
    }
  }

  private void elementwise() {
    for (Unary op : Unary.values()) {
      add(
          "unary " + op,
          b -> {
            Tensor x = random(b, "x", 3, 5).affine(0.4, 0.5);
            Tensor y = empty(b, 3, 5);
            b.kernels().unary(op, x, y);
            Tensor dx = empty(b, 3, 5);
            b.kernels().unaryGrad(op, x, y, random(b, "dy", 3, 5), dx);
            return List.of(y, dx);
          });
    }
    for (Binary op : Binary.values()) {
      DType result = op.isComparison() ? DType.U8 : DType.F32;
      add(
          "binary " + op,
          b -> {
            Tensor y = empty(b, result, 3, 5);
            b.kernels()
                .binary(
                    op, random(b, "a", 3, 5).affine(1, 2), random(b, "b", 5).expand(y.shape()), y);
            return List.of(y);
          });
      if (op.isComparison()) {
        add(
            "binary int " + op,
            b -> {
              Tensor y = empty(b, result, 3, 5);
              b.kernels().binary(op, ints(b, 3, 3, 5), ints(b, 2, 5).expand(y.shape()), y);
              return List.of(y);
            });
      }
    }
    add(
        "affine, addScaled, select",
        b -> {
          Tensor x = random(b, "x", 3, 5);
          Tensor y = random(b, "y", 3, 5);
          b.kernels().addScaled(x, 0.5, y);
          Tensor z = empty(b, 3, 5);
          b.kernels().select(ints(b, 2, 3, 5).cast(DType.U8), x, y, z);
          return List.of(x.affine(2, 1), y, z);
        });
  }

  private void reductions() {
    int[][][]
        shapes = { // of x and y: all, rows, columns, the middle, two that are apart, long ones
      {{3, 5}, {1, 1}},
      {{3, 5}, {3, 1}},
      {{3, 5}, {1, 5}},
      {{2, 3, 5}, {2, 1, 5}},
      {{2, 3, 5}, {1, 3, 1}},
      {{2, 700}, {2, 1}},
      {{300, 3}, {1, 3}},
      {{3000}, {1}}
    };
    for (Reduce op : Reduce.values()) {
      for (int[][] s : shapes) {
        add(
            "reduce " + op + " " + Shape.of(s[0]) + " to " + Shape.of(s[1]),
            b -> {
              Tensor y = empty(b, s[1]);
              b.kernels().reduce(op, random(b, "x", s[0]), y);
              return List.of(y);
            });
      }
    }
    add(
        "sort of more than a block holds",
        b -> {
          Tensor sorted = empty(b, 1, 2100);
          Tensor at = empty(b, DType.I32, 1, 2100);
          b.kernels().sort(random(b, "x", 1, 2100), false, sorted, at);
          return List.of(sorted, at);
        });
    for (int n : new int[] {1, 5, 300}) {
      add(
          "argMax, sort of " + n,
          b -> {
            Tensor x = random(b, "x", 2, n);
            Tensor most = empty(b, DType.I32, 2);
            b.kernels().argMax(x, most);
            Tensor up = empty(b, 2, n);
            Tensor upAt = empty(b, DType.I32, 2, n);
            b.kernels().sort(x, false, up, upAt);
            Tensor down = empty(b, 2, n);
            Tensor downAt = empty(b, DType.I32, 2, n);
            b.kernels().sort(x, true, down, downAt);
            return List.of(most, up, upAt, down, downAt);
          });
      add(
          "cumulativeSum of " + n,
          b -> {
            Tensor along = empty(b, 2, n);
            b.kernels().cumulativeSum(random(b, "x", 2, n), 1, along);
            Tensor across = empty(b, n, 2);
            b.kernels().cumulativeSum(random(b, "x", n, 2), 0, across);
            return List.of(along, across);
          });
      add(
          "sumOfSquares, allFinite of " + n,
          b -> {
            Tensor x = random(b, "x", 2, n);
            double finite = b.kernels().allFinite(x) ? 1 : 0;
            Tensor broken = x.affine(Double.POSITIVE_INFINITY, 0);
            double infinite = b.kernels().allFinite(broken) ? 1 : 0;
            return List.of(Tensor.of(Shape.of(3), b.kernels().sumOfSquares(x), finite, infinite));
          });
    }
  }

  private void products() {
    for (int[] n : new int[][] {{1, 1, 1}, {17, 20, 9}, {66, 3, 70}}) {
      String size = n[0] + " x " + n[1] + " x " + n[2];
      add(
          "gemm " + size,
          b -> {
            List<Tensor> results = new ArrayList<>();
            for (int turned = 0; turned < 4; turned++) {
              Tensor x =
                  (turned & 1) == 0
                      ? random(b, "a", n[0], n[1])
                      : random(b, "a", n[1], n[0]).transpose(0, 1);
              Tensor y =
                  (turned & 2) == 0
                      ? random(b, "b", n[1], n[2])
                      : random(b, "b", n[2], n[1]).transpose(0, 1);
              Tensor c = random(b, "c", n[0], n[2]);
              b.kernels().gemm(0.5, x, y, turned == 0 ? 0 : 0.25, c);
              results.add(c);
            }
            return results;
          });
      add(
          "linear " + size,
          b -> {
            Tensor x = random(b, "x", n[0], n[1]);
            Tensor w = random(b, "w", n[2], n[1]);
            Tensor y = empty(b, n[0], n[2]);
            b.kernels().linear(x, w, random(b, "bias", n[2]), y);
            Tensor z = empty(b, n[0], n[2]);
            b.kernels().linear(x, w, null, z);
            return List.of(y, z);
          });
    }
    add(
        "gemm batched, one side repeated",
        b -> {
          Tensor x = random(b, "a", 2, 3, 4, 5);
          Tensor y = random(b, "b", 1, 1, 5, 6).expand(Shape.of(2, 3, 5, 6));
          Tensor c = empty(b, 2, 3, 4, 6);
          b.kernels().gemm(1, x, y, 0, c);
          Tensor spaced = empty(b, 4, 12).slice(1, 2, 8);
          b.kernels().gemm(1, x.select(0, 1).select(0, 2), y.select(0, 0).select(0, 0), 0, spaced);
          return List.of(c, spaced);
        });
    add(
        "gemm of odd strides",
        b -> {
          Tensor x = random(b, "a", 4, 5, 2).select(2, 1);
          Tensor y = random(b, "b", 1, 6).expand(Shape.of(5, 6));
          Tensor c = empty(b, 6, 4).transpose(0, 1);
          b.kernels().gemm(1, x, y, 0, c);
          return List.of(c);
        });
  }

  private void indexing() {
    for (int width : new int[] {1, 5, 300}) {
      add(
          "gatherRows, scatterAddRows of " + width,
          b -> {
            Tensor ids = ints(b, 4, 9);
            Tensor y = empty(b, 9, width);
            b.kernels().gatherRows(random(b, "table", 4, width), ids, y);
            Tensor sums = random(b, "sums", 4, width);
            b.kernels().scatterAddRows(random(b, "dy", 9, width), ids, sums);
            return List.of(y, sums);
          });
    }
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      add(
          "gather, scatterAdd along " + axis,
          b -> {
            Tensor index = ints(b, 3, 3, 3, 3);
            Tensor y = empty(b, 3, 3, 3);
            b.kernels().gather(random(b, "x", 3, 3, 3), along, index, y);
            Tensor sums = random(b, "sums", 3, 3, 3);
            b.kernels().scatterAdd(random(b, "dy", 3, 3, 3), along, index, sums);
            return List.of(y, sums);
          });
    }
  }

  private void rows() {
    for (int n : new int[] {1, 5, 300, 1100}) {
      add(
          "softmax of " + n,
          b -> {
            Tensor x = random(b, "x", 2, n);
            Tensor y = empty(b, 2, n);
            b.kernels().softmax(x, y);
            Tensor dx = empty(b, 2, n);
            b.kernels().softmaxGrad(y, random(b, "dy", 2, n), dx);
            Tensor logs = empty(b, 2, n);
            b.kernels().logSoftmax(x, logs);
            Tensor dLogs = empty(b, 2, n);
            b.kernels().logSoftmaxGrad(logs, random(b, "dy", 2, n), dLogs);
            return List.of(y, dx, logs, dLogs);
          });
      add(
          "crossEntropy of " + n,
          b -> {
            Tensor logits = random(b, "x", 3, n);
            Tensor labels = on(b, Tensor.of(Shape.of(3), 0, -100, n - 1));
            Tensor losses = empty(b, 3);
            b.kernels().crossEntropy(logits, labels, losses);
            Tensor dLogits = empty(b, 3, n);
            b.kernels().crossEntropyGrad(logits, labels, random(b, "dy", 3), dLogits);
            return List.of(losses, dLogits);
          });
      add(
          "layerNorm of " + n,
          b -> {
            Tensor x = random(b, "x", 3, n);
            Tensor gain = random(b, "gain", n);
            Tensor y = empty(b, 3, n);
            Tensor mean = empty(b, 3);
            Tensor rstd = empty(b, 3);
            b.kernels().layerNorm(x, gain, random(b, "bias", n), 0.1, y, mean, rstd);
            Tensor dx = empty(b, 3, n);
            Tensor dGain = empty(b, n);
            Tensor dBias = empty(b, n);
            Tensor dy = random(b, "dy", 3, n);
            b.kernels().layerNormGrad(dy, x, gain, mean, rstd, dx, dGain, dBias);
            return List.of(y, mean, rstd, dx, dGain, dBias);
          });
    }
    add(
        "layerNormGrad of many rows",
        b -> {
          Tensor x = random(b, "x", 70, 2);
          Tensor gain = random(b, "gain", 2);
          Tensor y = empty(b, 70, 2);
          Tensor mean = empty(b, 70);
          Tensor rstd = empty(b, 70);
          b.kernels().layerNorm(x, gain, gain, 0.1, y, mean, rstd);
          Tensor dGain = empty(b, 2);
          Tensor dBias = empty(b, 2);
          b.kernels().layerNormGrad(x, x, gain, mean, rstd, null, dGain, dBias);
          return List.of(y, dGain, dBias);
        });
  }

  private void attention() {
    int[] equal = {0, 3, 6}; // by products
    int[] unequal = {0, 2, 5}; // by tiles
    int[] single = {0, 3, 3}; // by tiles, of which a simulator takes seconds each
    attention(equal, 2, 5, 0.3, true);
    attention(equal, 1, 4, 0, false);
    attention(unequal, 1, 3, 0.3, true);
    attention(single, 1, 64, 0, false); // one for each variant of the kernels
    attention(single, 1, 128, 0.3, false);
  }

  private void attention(int[] offsets, int heads, int size, double dropout, boolean biased) {
    int tokens = offsets[offsets.length - 1];
    int[] shape = {tokens, heads, size};
    add(
        "attention to " + Arrays.toString(offsets) + " by " + heads + " heads of " + size,
        b -> {
          AttentionSpec spec = new AttentionSpec(offsets, 0.3, dropout, RNG);
          Tensor packed = random(b, "qkv", tokens, 3, heads, size); // as one projection gives them
          Tensor q = packed.select(1, 0);
          Tensor k = packed.select(1, 1);
          Tensor v = packed.select(1, 2);
          Tensor bias = biased ? random(b, "bias", tokens) : null;
          Tensor out = empty(b, shape);
          Tensor logs = empty(b, tokens, heads);
          b.kernels().attention(spec, q, k, v, bias, out, logs);
          Tensor dq = empty(b, shape);
          Tensor dk = empty(b, shape);
          Tensor dv = empty(b, shape);
          Tensor dOut = random(b, "dOut", shape);
          b.kernels().attentionGrad(spec, q, k, v, bias, out, logs, dOut, dq, dk, dv);
          return List.of(out, logs, dq, dk, dv);
        });
  }

  private void draws() {
    add(
        "dropout, uniform, normal, bernoulli",
        b -> {
          Tensor dropped = empty(b, 3, 7);
          b.kernels().dropout(random(b, "x", 3, 7), 0.4, RNG, dropped);
          Tensor uniform = empty(b, 3, 7);
          b.kernels().uniform(RNG, -2, 3, uniform);
          Tensor normal = empty(b, 3, 7);
          b.kernels().normal(RNG, 1, 2, normal);
          Tensor coins = empty(b, 3, 7);
          b.kernels().bernoulli(RNG, 0.4, coins);
          Tensor bytes = empty(b, DType.U8, 3, 7);
          b.kernels().bernoulli(RNG, 0.4, bytes);
          return List.of(dropped, uniform, normal, coins, bytes);
        });
    add(
        "adamW",
        b -> {
          Tensor p = random(b, "p", 3, 7);
          Tensor m = random(b, "m", 3, 7);
          Tensor v = random(b, "v", 3, 7).affine(0.4, 0.5);
          AdamW step = new AdamW(1e-2, 0.9, 0.99, 1e-6, 0.1, 3, 0.5);
          b.kernels().adamW(step, p, random(b, "g", 3, 7), m, v);
          return List.of(p, m, v);
        });
  }
}
