package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.check.KernelContract.Case;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention over sequences of odd lengths, with and without bias and dropout. */
final class AttentionCases {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final int[][] OFFSETS = {
    {0}, {0, 0}, {0, 1}, {0, 5}, {0, 3, 3, 20}, {0, 17, 50}, {0, 64}, {0, 65, 66, 70}, {0, 127}
  };

  private AttentionCases() {}

  static void addTo(List<Case> all, DType t) {
    for (double dropout : new double[] {0, 0.3}) {
      String with = " dropout " + dropout + " " + t;
      all.add(new Case("attention" + with, b -> each(b, t, dropout, false)));
      all.add(new Case("attentionGrad" + with, b -> each(b, t, dropout, true)));
    }
  }

  private static void each(Backend b, DType type, double dropout, boolean backward) {
    for (int[] offsets : OFFSETS) {
      for (int[] heads : new int[][] {{1, 1}, {2, 16}, {3, 5}, {1, 64}}) { // A, D
        int tokens = offsets[offsets.length - 1];
        Shape s = Shape.of(tokens, heads[0], heads[1]);
        double scale = 1 / Math.sqrt(heads[1]);
        AttentionSpec spec = new AttentionSpec(offsets, scale, dropout, Rng.seed(tokens));
        for (Layout l : new Layout[] {Layout.CONTIGUOUS, Layout.PACKED, Layout.SLICED}) {
          if (backward) {
            backward(b, type, spec, s, l, null);
            backward(b, type, spec, s, l, i -> i % 3 == 2 ? -INF : 0.1);
          } else {
            forward(b, type, spec, s, l, null);
            forward(b, type, spec, s, l, i -> i % 3 == 2 ? -INF : 0.1);
            forward(b, type, spec, s, l, i -> -INF); // no key can be seen
          }
        }
      }
    }
  }

  private static Tolerance close(DType type, AttentionSpec spec) {
    int longest = 1;
    for (int b = 0; b < spec.sequences(); b++) {
      longest = Math.max(longest, spec.offsets()[b + 1] - spec.offsets()[b]);
    }
    return Tolerance.sum(type, 32 + longest);
  }

  private static void forward(
      Backend b, DType type, AttentionSpec spec, Shape s, Layout l, @Nullable Samples bias) {
    Trial t = new Trial("attention " + spec.sequences() + " sequences", b);
    int q = t.in(type, l, s, Samples.uniform("q", -2, 2));
    int k = t.in(type, l, s, Samples.uniform("k", -2, 2));
    int v = t.in(type, l, s, Samples.uniform("v", -1, 1));
    int keyBias = t.in(type, Layout.SLICED, Shape.of(s.dim(0)), bias == null ? i -> 0 : bias);
    int out = t.out(type, l, s, close(type, spec));
    int logs = t.out(type, Layout.CONTIGUOUS, Shape.of(s.dim(0), s.dim(1)), close(type, spec));
    t.run((kernels, o) ->
        kernels.attention(
            spec, o[q], o[k], o[v], bias == null ? null : o[keyBias], o[out], o[logs]));
  }

  private static void backward(
      Backend b, DType type, AttentionSpec spec, Shape s, Layout l, @Nullable Samples bias) {
    Samples qs = Samples.uniform("q", -2, 2);
    Samples ks = Samples.uniform("k", -2, 2);
    Samples vs = Samples.uniform("v", -1, 1);
    Shape tokens = Shape.of(s.dim(0));
    Shape rows = Shape.of(s.dim(0), s.dim(1));
    // What the forward gave is an operand here, the same for both.
    Tensor outs = Tensor.empty(s, type, Backends.reference());
    Tensor sums = Tensor.empty(rows, type, Backends.reference());
    Backends.reference()
        .kernels()
        .attention(
            spec,
            tensor(type, s, qs),
            tensor(type, s, ks),
            tensor(type, s, vs),
            bias == null ? null : tensor(type, tokens, bias),
            outs,
            sums);
    double[] outValues = outs.toDoubles();
    double[] sumValues = sums.toDoubles();

    Trial t = new Trial("attentionGrad " + spec.sequences() + " sequences", b);
    int q = t.in(type, l, s, qs);
    int k = t.in(type, l, s, ks);
    int v = t.in(type, l, s, vs);
    int keyBias = t.in(type, Layout.SLICED, tokens, bias == null ? i -> 0 : bias);
    int out = t.in(type, l, s, i -> outValues[i]);
    int logs = t.in(type, Layout.CONTIGUOUS, rows, i -> sumValues[i]);
    int dOut = t.in(type, l, s, Samples.uniform("dOut", -1, 1));
    int dq = t.out(type, l, s, close(type, spec));
    int dk = t.out(type, l, s, close(type, spec));
    int dv = t.out(type, l, s, close(type, spec));
    t.run((kernels, o) ->
        kernels.attentionGrad(
            spec,
            o[q],
            o[k],
            o[v],
            bias == null ? null : o[keyBias],
            o[out],
            o[logs],
            o[dOut],
            o[dq],
            o[dk],
            o[dv]));
  }

  private static Tensor tensor(DType type, Shape shape, Samples values) {
    return values.tensor(shape).cast(type);
  }
}
