package dev.bulwark.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.reference.Special;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RngTest {
  private static final int DRAWS = 1_000_000;

  @Test
  void givesTheKnownAnswersOfPhilox() {
    // The all-zero vector of Random123; the others from an independent implementation that gives
    // all three of Random123's philox4x32-10 vectors.
    assertBlock(0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    long key = 0x0123456789abcdefL;
    assertBlock(key, 5, 0x5765db8a, 0xd104608f, 0xc658b7d8, 0xe9aa137f);
    assertBlock(key, (1L << 33) + 1, 0x9aa81b3e, 0x6f8c0f33, 0xd5889c54, 0xe839ba66);
    assertEquals(0xc658b7d8, new Rng(key).bits(22));
    assertEquals(0x6f8c0f33, new Rng(key).bits((1L << 35) + 5));
  }

  private static void assertBlock(long key, long counter, int... expected) {
    int[] block = new int[4];
    new Rng(key).block(counter, block);
    assertArrayEquals(expected, block);
  }

  @Test
  void splitsAreDistinctAndStable() {
    Rng root = Rng.seed(1);
    Set<Rng> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      seen.add(root.split(i));
      seen.add(root.split("name" + i));
      seen.add(Rng.seed(i));
    }
    assertEquals(30_000, seen.size());
    assertEquals(root.split("dropout").split(3), Rng.seed(1).split("dropout").split(3));
    assertNotEquals(root.split("a").split("b"), root.split("b").split("a"));
    assertNotEquals(root.split("ab"), root.split("a").split("b"));
  }

  @Test
  void uniformNumbersFillTheirRangeEvenly() {
    Rng rng = Rng.seed(11);
    int[] counts = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      float u = rng.uniform(i);
      assertTrue(u >= 0 && u < 1);
      counts[(int) (u * 100)]++;
    }
    assertChiSquare(counts, DRAWS);
    assertEquals(0.99999994f, Rng.toUniform(-1));
    assertEquals(0, Rng.toUniform(255));
  }

  @Test
  void integersBelowABoundAreEven() {
    Rng rng = Rng.seed(12);
    int[] counts = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      counts[rng.below(i, 100)]++;
    }
    assertChiSquare(counts, DRAWS);
    assertEquals(0, rng.below(0, 1));
  }

  @Test
  void neighbouringWordsAreIndependent() {
    Rng rng = Rng.seed(13);
    int[] counts = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      counts[rng.below(i, 10) * 10 + rng.below(i + 1L, 10)]++;
    }
    assertChiSquare(counts, DRAWS);
  }

  /** 99 degrees of freedom: 160.1 is exceeded once in 10,000 times by even counts. */
  private static void assertChiSquare(int[] counts, int draws) {
    double expected = (double) draws / counts.length;
    double sum = Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected)).sum();
    assertTrue(sum / expected < 160.1, "chi-square " + sum / expected);
    assertTrue(sum / expected > 53, "too even: chi-square " + sum / expected);
  }

  @Test
  void normalNumbersHaveTheNormalDistribution() {
    Tensor t =
        Backends.with(
            Backends.reference(),
            () -> Tensors.normal(Shape.of(DRAWS), DType.F64, 0, 1, Rng.seed(14)));
    double[] x = t.toDoubles();
    Arrays.sort(x);
    double largest = 0; // Kolmogorov and Smirnov's distance
    for (int i = 0; i < DRAWS; i++) {
      double cdf = Special.normalCdf(x[i]);
      largest = Math.max(largest, Math.abs(cdf - (i + 0.5) / DRAWS));
    }
    assertTrue(largest < 2.23 / Math.sqrt(DRAWS), "distance " + largest); // p = 1e-4
    assertEquals(0, t.mean().item(), 5e-3);
    assertEquals(1, t.times(t).mean().item(), 7e-3);
  }

  @Test
  void bernoulliMeetsItsProbability() {
    for (double p : new double[] {0, 0.1, 0.5, 0.999}) {
      Tensor t = Tensors.bernoulli(Shape.of(DRAWS), DType.F32, p, Rng.seed(15));
      assertEquals(p, t.mean().item(), 5 * Math.sqrt(p * (1 - p) / DRAWS));
    }
    assertEquals(0x80000000, Rng.threshold(0.5));
    assertEquals(0, Rng.threshold(0));
  }

  @Test
  void permutationsHoldEverythingOnceAndDependOnTheKey() {
    int[] p = Rng.seed(16).permutation(1000);
    int[] sorted = p.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      assertEquals(i, sorted[i]);
    }
    assertArrayEquals(p, Rng.seed(16).permutation(1000));
    assertTrue(!Arrays.equals(p, Rng.seed(17).permutation(1000)));
    assertEquals(0, Rng.seed(1).permutation(0).length);
    int[] firsts = new int[100];
    for (int i = 0; i < 100_000; i++) {
      firsts[Rng.seed(i).permutation(100)[0]]++;
    }
    assertChiSquare(firsts, 100_000);
  }
}
