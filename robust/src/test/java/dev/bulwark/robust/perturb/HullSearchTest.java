package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.perturb.HullSearch.Scaling;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HullSearchTest {
  private static final WordHull HULL =
      WordHull.of(
          new TokenBatch(1, 2, new int[] {5, 6}, new int[2], new int[] {1, 1}),
          new int[][] {{5, 7, 8}, {6}},
          4);

  private static Tensor worst(HullSearch search, Variable gain) {
    Tensor start = HullSearch.start(HULL, DType.F64, Draws.of(Rng.seed(4)));
    Tensor before = start.copy();
    Tensor found = search.worst(HULL, start, w -> w.times(gain).sum(), HullSearch.Watcher.NONE);
    assertArrayEquals(before.toDoubles(), start.toDoubles(), "the start is left alone");
    return found;
  }

  @Test
  void findsTheWordThatPaysMost() {
    Variable gain =
        Variable.constant(Tensor.of(HULL.shape(), new double[] {1, 2, 3, 9, 1, 9, 9, 9}));
    double[] w = worst(new HullSearch(20, 1, 0, Scaling.MEAN, 0), gain).toDoubles();
    assertTrue(w[2] > 0.95, "weight " + w[2]);
    assertEquals(0, w[3], 1e-12, "an empty slot pays nothing");
    assertEquals(1, w[4], 1e-12);
    assertArrayEquals(
        new int[] {8, 6}, HULL.text(worst(new HullSearch(20, 1, 0, Scaling.RIFT, 0), gain)));
  }

  @Test
  void sparsenessDrivesTheWeightsToOneWord() {
    Variable nothing = Variable.constant(Tensor.zeros(HULL.shape(), DType.F64));
    double[] loose = worst(new HullSearch(10, 0.1, 0, Scaling.MEAN, 0), nothing).toDoubles();
    double[] sparse = worst(new HullSearch(10, 0.1, 15, Scaling.MEAN, 0), nothing).toDoubles();
    double before = Math.max(loose[0], Math.max(loose[1], loose[2]));
    double after = Math.max(sparse[0], Math.max(sparse[1], sparse[2]));
    assertTrue(after > before + 0.05, before + " to " + after);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1, 0", "1, -1, 1, 0", "1, 1, -1, 0", "1, 1, 1, -1", "1, NaN, 1, 0"})
  void senselessNumbersAreRefused(int steps, double rate, double sparse, double decay) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new HullSearch(steps, rate, sparse, Scaling.MEAN, decay));
    assertTrue(e.toString().contains("at least 1 step"), e.toString());
  }
}
