package dev.bulwark.robust.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import dev.bulwark.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final List<Example> EXAMPLES = Tiny.examples(1003, 3);

  private static Batcher batcher() {
    return batcher(EXAMPLES, 24, 16);
  }

  private static Batcher batcher(List<Example> examples, int maxLength, int size) {
    InputEncoder encoder = InputEncoder.plain(Tiny.tokenizer(), maxLength);
    return new Batcher(examples, encoder, size, BatchOrder.BY_LENGTH);
  }

  private static int[][] epoch(long seed, int epoch) {
    return batcher().epoch(Rng.seed(seed).split(epoch)).toArray(int[][]::new);
  }

  @Test
  void anEpochHasEachExampleOnce() {
    int[][] batches = epoch(1, 0);
    assertEquals(batcher().batchesPerEpoch(), batches.length);
    assertArrayEquals(
        IntStream.range(0, EXAMPLES.size()).toArray(),
        Arrays.stream(batches).flatMapToInt(Arrays::stream).sorted().toArray());
    assertEquals(1, Arrays.stream(batches).filter(b -> b.length != 16).count());
  }

  @Test
  void theOrderDependsOnSeedAndEpochAlone() {
    assertTrue(Arrays.deepEquals(epoch(1, 0), epoch(1, 0)));
    assertFalse(Arrays.deepEquals(epoch(1, 0), epoch(1, 1)));
    assertFalse(Arrays.deepEquals(epoch(1, 0), epoch(2, 0)));
  }

  @Test
  void batchesAreNotInOrderOfLength() {
    int[] lengths =
        Arrays.stream(epoch(1, 0)).mapToInt(b -> batcher().batch(b).tokens().length()).toArray();
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    assertFalse(Arrays.equals(sorted, lengths));
  }

  @Test
  void littleIsPadded() {
    double bucketed = padding(epoch(1, 0));
    int[] order = Rng.seed(1).permutation(EXAMPLES.size());
    int[][] random =
        IntStream.range(0, batcher().batchesPerEpoch())
            .mapToObj(i -> Arrays.copyOfRange(order, 16 * i, Math.min(order.length, 16 * i + 16)))
            .toArray(int[][]::new);
    assertTrue(bucketed < 0.05, "padding " + bucketed);
    assertTrue(padding(random) > 4 * bucketed, padding(random) + " in random batches");
  }

  /** Share of padding among all numbers of the batches. */
  private static double padding(int[][] batches) {
    Batcher batcher = batcher();
    double real = 0;
    double all = 0;
    for (int[] b : batches) {
      Batch batch = batcher.batch(b);
      real += batch.tokens().tokens();
      all += batch.tokens().ids().length;
    }
    return 1 - real / all;
  }

  @Test
  void labelsStayWithTheirTexts() {
    Batch batch = batcher().batch(new int[] {5, 2, 9});
    assertArrayEquals(new int[] {1, 0, 1}, batch.labels());
    assertEquals(3, batch.size());
  }

  @Test
  void longTextsAreCut() {
    List<Example> one = List.of(new Example("the film ".repeat(40), null, 0));
    Batch batch = batcher(one, 10, 4).batch(new int[] {0});
    assertEquals(10, batch.tokens().length());
  }

  @Test
  void nothingToCutIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> batcher(List.of(), 10, 4));
    assertThrows(IllegalArgumentException.class, () -> batcher(EXAMPLES, 10, 0));
  }
}
