package dev.bulwark.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochScheduleTest {
  @ParameterizedTest
  @CsvSource({"0, 0.1", "1, 0.55", "2, 1", "4, 1", "5, 0.1", "6, 0.1", "8, 0.01", "100, 0.01"})
  void warmsUpAndDropsAtMilestones(int epoch, double factor) {
    assertEquals(factor, new EpochSchedule(2, 0.1, List.of(8, 5), 0.1).factor(epoch), 1e-15);
  }

  @Test
  void withoutWarmUpItStartsInFull() {
    assertEquals(1, new EpochSchedule(0, 0.1, List.of(), 0.1).factor(0));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0.1, 0.1", "2, 1.1, 0.1", "2, -0.1, 0.1", "2, 0.1, 2", "2, NaN, 0.1"})
  void senselessNumbersAreRefused(int warmup, double from, double gamma) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new EpochSchedule(warmup, from, List.of(), gamma));
    assertTrue(e.toString().contains("factors in [0, 1]"), e.toString());
  }
}
