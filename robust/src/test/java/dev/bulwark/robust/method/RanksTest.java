package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.nn.Parameter;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RanksTest {
  @Test
  void ranksGoAcrossTensorsAndEqualsKeepTheirOrder() {
    Tensor a = Tensor.of(Shape.of(2, 2), 0.5f, 0f, 3f, 0.5f);
    Tensor b = Tensor.of(Shape.of(2), 1f, -0f);
    List<Tensor> relative = Ranks.relative(List.of(a, b));
    assertArrayEquals(new double[] {0.4, 0, 1, 0.6}, relative.get(0).toDoubles(), 1e-7);
    assertArrayEquals(new double[] {0.8, 0.2}, relative.get(1).toDoubles(), 1e-7);
    assertEquals(Shape.of(2, 2), relative.get(0).shape());
  }

  @Test
  void doublesThatAreOneFloatAreToldApart() {
    Tensor a = Tensor.of(Shape.of(4), 1 + 3e-12, 1 + 2e-12, 1 + 1e-12, 1.0);
    assertArrayEquals(
        new double[] {1, 2 / 3.0, 1 / 3.0, 0},
        Ranks.relative(List.of(a)).getFirst().toDoubles(),
        1e-15);
  }

  @Test
  void aSingleEntryHasRankZero() {
    Tensor one = Tensor.of(Shape.of(1), 7f);
    assertEquals(0, Ranks.relative(List.of(one)).getFirst().item());
  }

  @Test
  void theMaskKeepsAShareThatRisesWithTheRankAndLeavesTheMeanAsItIs() {
    int n = 50;
    Parameter p = new Parameter("layer.0.weight", Tensor.zeros(Shape.of(n), DType.F32));
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      scores[i] = i;
    }
    SelectiveMask mask = new SelectiveMask(List.of(p), 0.6, 1, true);
    mask.rank(Ranks.relative(List.of(Tensor.of(Shape.of(n), scores))));
    double[] probability = mask.probability(p).toDoubles();
    assertEquals(1 / (1 + Math.exp(1.2)), probability[0], 1e-6);
    assertEquals(1 / (1 + Math.exp(-0.8)), probability[n - 1], 1e-6);
    double[] mean = new double[n];
    int tosses = 4000;
    for (int t = 0; t < tosses; t++) {
      mask.toss(Draws.of(Rng.seed(3).split(t)));
      double[] multiplier = mask.of(p).toDoubles();
      for (int i = 0; i < n; i++) {
        mean[i] += multiplier[i] / tosses;
      }
    }
    for (int i = 0; i < n; i++) { // standard error below 0.03
      assertEquals(1, mean[i], 0.13, "entry " + i);
    }
    assertEquals(1, Arrays.stream(mean).average().orElseThrow(), 0.01);
  }
}
