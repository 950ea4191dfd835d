package dev.bulwark.robust.method;

import java.util.ArrayList;
import java.util.List;

/**
 * Limited-memory BFGS with a halving line search (Nocedal and Wright, "Numerical optimization",
 * algorithms 7.4 and 3.1), for smooth convex functions of some thousand numbers.
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final double ENOUGH = 1e-4; // share of the promised decrease that is accepted
  private static final int HALVINGS = 30;

  /** A function. */
  @FunctionalInterface
  interface Function {
    /** Its value at x; the gradient is written into the second array. */
    double at(double[] x, double[] gradient);
  }

  private record Change(double[] step, double[] gradient) {
    double curvature() {
      return dot(step, gradient);
    }
  }

  private Lbfgs() {}

  /**
   * Goes down from x, in place, until no part of the gradient is larger than the tolerance.
   *
   * @param f the function
   * @param x where to start; afterwards where it ended
   * @param iterations at most
   * @param tolerance of the gradient, above 0
   */
  static void minimise(Function f, double[] x, int iterations, double tolerance) {
    double[] g = new double[x.length];
    double value = f.at(x, g);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < iterations && largest(g) > tolerance; i++) {
      double[] direction = direction(g, changes);
      double slope = dot(direction, g);
      double length = changes.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : 1;
      double[] next = new double[x.length];
      double[] nextGradient = new double[x.length];
      double nextValue = Double.POSITIVE_INFINITY;
      for (int h = 0; h < HALVINGS; h++, length /= 2) {
        for (int j = 0; j < x.length; j++) {
          next[j] = x[j] + length * direction[j];
        }
        nextValue = f.at(next, nextGradient);
        if (nextValue <= value + ENOUGH * length * slope) {
          break;
        }
      }
      if (!(nextValue < value)) {
        return; // as low as rounding lets it see
      }
      Change change = new Change(minus(next, x), minus(nextGradient, g));
      if (change.curvature() > 0) {
        changes.add(change);
        if (changes.size() > MEMORY) {
          changes.removeFirst();
        }
      }
      System.arraycopy(next, 0, x, 0, x.length);
      g = nextGradient;
      value = nextValue;
    }
  }

  /** The two-loop recursion: minus the gradient times an estimate of the inverse Hessian. */
  private static double[] direction(double[] gradient, List<Change> changes) {
    double[] q = gradient.clone();
    double[] alphas = new double[changes.size()];
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change c = changes.get(i);
      alphas[i] = dot(c.step(), q) / c.curvature();
      add(q, -alphas[i], c.gradient());
    }
    if (!changes.isEmpty()) {
      Change c = changes.getLast();
      double scale = c.curvature() / dot(c.gradient(), c.gradient());
      for (int j = 0; j < q.length; j++) {
        q[j] *= scale;
      }
    }
    for (int i = 0; i < changes.size(); i++) {
      Change c = changes.get(i);
      add(q, alphas[i] - dot(c.gradient(), q) / c.curvature(), c.step());
    }
    for (int j = 0; j < q.length; j++) {
      q[j] = -q[j];
    }
    return q;
  }

  private static void add(double[] x, double factor, double[] y) {
    for (int j = 0; j < x.length; j++) {
      x[j] += factor * y[j];
    }
  }

  private static double[] minus(double[] x, double[] y) {
    double[] d = x.clone();
    add(d, -1, y);
    return d;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }

  private static double largest(double[] x) {
    double most = 0;
    for (double v : x) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }
}
