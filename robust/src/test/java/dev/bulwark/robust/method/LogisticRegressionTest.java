package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  /** Two features; class 1 where the first is large. */
  private static LogisticRegression.Data data() {
    Random random = new Random(3);
    float[] x = new float[400];
    int[] labels = new int[200];
    for (int i = 0; i < labels.length; i++) {
      x[2 * i] = (float) random.nextGaussian();
      x[2 * i + 1] = (float) random.nextGaussian();
      labels[i] = x[2 * i] + 0.3 * random.nextGaussian() > 0.2 ? 1 : 0;
    }
    return new LogisticRegression.Data(x, labels);
  }

  @Test
  void classOneHasThePositiveCoefficient() {
    LogisticRegression fit = LogisticRegression.fit(data(), 2, 1);
    assertTrue(fit.weight()[2] > 1, "class 1 grows with the first feature");
    assertEquals(-fit.weight()[0], fit.weight()[2], 1e-3);
    assertTrue(fit.accuracy(data()) > 0.85);
  }

  @Test
  void theGradientIsZeroAtTheMinimum() {
    LogisticRegression.Data d = data();
    LogisticRegression fit = LogisticRegression.fit(d, 2, 10);
    double[] gradient = new double[6];
    for (int i = 0; i < 200; i++) {
      double[] z = new double[2];
      for (int c = 0; c < 2; c++) {
        z[c] =
            fit.weight()[2 * c] * d.x()[2 * i]
                + fit.weight()[2 * c + 1] * d.x()[2 * i + 1]
                + fit.bias()[c];
      }
      double one = 1 / (1 + Math.exp(z[0] - z[1]));
      for (int c = 0; c < 2; c++) {
        double off = (c == 1 ? one : 1 - one) - (d.labels()[i] == c ? 1 : 0);
        gradient[2 * c] += off * d.x()[2 * i] / 200;
        gradient[2 * c + 1] += off * d.x()[2 * i + 1] / 200;
        gradient[4 + c] += off / 200;
      }
    }
    for (int j = 0; j < 4; j++) {
      gradient[j] += fit.weight()[j] / (10 * 200);
    }
    assertArrayEquals(new double[6], gradient, 2e-5);
  }

  @Test
  void aStrongerPenaltyShrinksTheWeights() {
    double weak = Math.abs(LogisticRegression.fit(data(), 2, 100).weight()[2]);
    double strong = Math.abs(LogisticRegression.fit(data(), 2, 0.01).weight()[2]);
    assertTrue(strong < 0.5 * weak, strong + " and " + weak);
  }

  @Test
  void lbfgsFindsTheValleyOfRosenbrock() {
    double[] x = {-1.2, 1};
    Lbfgs.minimise(
        (p, g) -> {
          double a = 1 - p[0];
          double b = p[1] - p[0] * p[0];
          g[0] = -2 * a - 400 * p[0] * b;
          g[1] = 200 * b;
          return a * a + 100 * b * b;
        },
        x,
        200,
        1e-9);
    assertArrayEquals(new double[] {1, 1}, x, 1e-7);
  }

  @Test
  void tooFewValuesAreRefused() {
    String said =
        assertThrows(
                IllegalArgumentException.class,
                () -> Methods.recipe("lp", Map.of("probe-values", "1")))
            .toString();
    assertTrue(said.contains("probe-values must be at least 2, not 1"), said);
  }
}
