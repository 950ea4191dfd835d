package dev.bulwark.kernels.simd;

import static dev.bulwark.kernels.simd.Lanes.F;
import static dev.bulwark.kernels.simd.Lanes.L;
import static dev.bulwark.kernels.simd.Lanes.load;
import static dev.bulwark.kernels.simd.Lanes.splat;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import jdk.incubator.vector.FloatVector;

/** The optimiser step in one pass over parameter, gradient and both moments. */
final class AdamWLoop {
  private static final int PIECE = 16_384;

  private AdamWLoop() {}

  /** All contiguous. */
  static void step(AdamW s, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    float[] p = parameter.heap().floats();
    float[] g = gradient.heap().floats();
    float[] m = moment1.heap().floats();
    float[] v = moment2.heap().floats();
    Factors f = new Factors(s);
    Parallel.range(
        parameter.size(),
        PIECE,
        (from, to) ->
            run(
                f,
                p,
                parameter.offset() + from,
                g,
                gradient.offset() + from,
                m,
                moment1.offset() + from,
                v,
                moment2.offset() + from,
                to - from));
  }

  /** The last elements apart, so that meeting some for the first time leaves the loop compiled. */
  private static void run(
      Factors f,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n) {
    int whole = F.loopBound(n);
    vectors(f, p, po, g, go, m, mo, v, vo, whole);
    rest(f, p, po + whole, g, go + whole, m, mo + whole, v, vo + whole, n - whole);
  }

  private static void vectors(
      Factors f,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n) {
    FloatVector scale = splat(f.scale);
    FloatVector beta1 = splat(f.beta1);
    FloatVector rest1 = splat(f.rest1);
    FloatVector beta2 = splat(f.beta2);
    FloatVector rest2 = splat(f.rest2);
    FloatVector keep = splat(f.keep);
    FloatVector minusRate = splat(f.minusRate);
    FloatVector inverseRoot2 = splat(f.inverseRoot2);
    FloatVector epsilon = splat(f.epsilon);
    for (int i = 0; i < n; i += L) {
      FloatVector slope = load(g, go + i).mul(scale);
      FloatVector first = load(m, mo + i).fma(beta1, slope.mul(rest1));
      FloatVector second = load(v, vo + i).fma(beta2, slope.mul(slope).mul(rest2));
      first.intoArray(m, mo + i);
      second.intoArray(v, vo + i);
      FloatVector move = first.div(second.sqrt().fma(inverseRoot2, epsilon));
      move.fma(minusRate, load(p, po + i).mul(keep)).intoArray(p, po + i);
    }
  }

  /** The same operations on single floats. */
  private static void rest(
      Factors f,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n) {
    for (int i = 0; i < n; i++) {
      float slope = g[go + i] * f.scale;
      float first = Math.fma(m[mo + i], f.beta1, slope * f.rest1);
      float second = Math.fma(v[vo + i], f.beta2, slope * slope * f.rest2);
      m[mo + i] = first;
      v[vo + i] = second;
      float move = first / Math.fma((float) Math.sqrt(second), f.inverseRoot2, f.epsilon);
      p[po + i] = Math.fma(move, f.minusRate, p[po + i] * f.keep);
    }
  }

  /** What the step multiplies with, computed in double. */
  private static final class Factors {
    final float scale;
    final float beta1;
    final float rest1;
    final float beta2;
    final float rest2;
    final float keep;
    final float minusRate;
    final float inverseRoot2;
    final float epsilon;

    Factors(AdamW s) {
      scale = (float) s.gradientScale();
      beta1 = (float) s.beta1();
      rest1 = (float) (1 - s.beta1());
      beta2 = (float) s.beta2();
      rest2 = (float) (1 - s.beta2());
      keep = (float) (1 - s.learningRate() * s.weightDecay());
      minusRate = (float) (-s.learningRate() / (1 - StrictMath.pow(s.beta1(), s.step())));
      inverseRoot2 = (float) (1 / Math.sqrt(1 - StrictMath.pow(s.beta2(), s.step())));
      epsilon = (float) s.epsilon();
    }
  }
}
