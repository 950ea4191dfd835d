package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;

/** The optimiser step. */
final class AdamWLoop {
  private AdamWLoop() {}

  static void adamW(AdamW s, Tensor parameter, Tensor gradient, Tensor moment1, Tensor moment2) {
    double correction1 = 1 - Math.pow(s.beta1(), s.step());
    double correction2 = 1 - Math.pow(s.beta2(), s.step());
    Walk w = Walk.over(parameter, gradient, moment1, moment2);
    double[] p = w.buffer();
    double[] g = w.buffer();
    double[] m = w.buffer();
    double[] v = w.buffer();
    while (w.next()) {
      w.load(0, p);
      w.load(1, g);
      w.load(2, m);
      w.load(3, v);
      for (int i = 0; i < w.length(); i++) {
        double slope = g[i] * s.gradientScale();
        m[i] = s.beta1() * m[i] + (1 - s.beta1()) * slope;
        v[i] = s.beta2() * v[i] + (1 - s.beta2()) * slope * slope;
        p[i] -= s.learningRate() * s.weightDecay() * p[i];
        p[i] -=
            s.learningRate() / correction1 * m[i] / (Math.sqrt(v[i] / correction2) + s.epsilon());
      }
      w.store(p, 0);
      w.store(m, 2);
      w.store(v, 3);
    }
  }
}
