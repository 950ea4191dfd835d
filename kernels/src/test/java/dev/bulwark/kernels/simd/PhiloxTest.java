package dev.bulwark.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.tensor.Rng;
import org.junit.jupiter.api.Test;

/** Words made on vectors are the words of {@link Rng}. */
class PhiloxTest {
  private static final Rng RNG = Rng.seed(11).split("philox");

  @Test
  void aRunOfWordsIsThatOfTheStream() {
    for (long from : new long[] {0, 4, 400, (1L << 34) - 64, 1L << 40}) {
      int[] words = new int[200 + Philox.STEP];
      Philox.fill(RNG, from, words, 200);
      for (int i = 0; i < 200; i++) {
        assertEquals(RNG.bits(from + i), words[i], "word " + (from + i));
      }
    }
  }

  @Test
  void columnsHoldTheWordsOfRows() {
    int ld = 2 * Lanes.L;
    for (int row : new int[] {1, 3, 32}) {
      for (long block : new long[] {0, 5, (1L << 32) - 7}) {
        int[] words = new int[4 * row * ld];
        Philox.columns(Philox.roundKeys(RNG), block, row, words, 0, ld);
        for (int i = 0; i < Lanes.L; i++) {
          for (int w = 0; w < 4 * row; w++) {
            long element = 4 * (block + (long) i * row) + w;
            assertEquals(RNG.bits(element), words[w * ld + i], "word " + element);
          }
        }
      }
    }
  }
}
