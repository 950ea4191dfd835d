package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.io.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  @Test
  void theRatioIsTheMedianOfTheRounds() {
    Result odd = Samples.result("a", 1.0, 0.5, 1.1, 9.0);
    assertEquals(1.1, odd.ratio());
    assertEquals(0.5, odd.lowest());
    assertEquals(9.0, odd.highest());
    assertEquals(1.2, Samples.result("a", 1.0, 1.3, 0.2, 1.1, 4.0).ratio(), 1e-12);
    assertEquals(0, Result.median(List.of()));
  }

  @Test
  void aTargetIsMetByTheMedianAlone() {
    assertTrue(Samples.result("a", 1.0, 0.2, 1.0, 1.0).met());
    assertFalse(Samples.result("a", 1.0, 0.99, 0.99, 5.0).met());
    assertFalse(Samples.failed("a").met());
  }

  @Test
  void ratesAreBillionsASecond() {
    assertEquals(200, Samples.result("a", 1.0, 1.0).rate(10), 1e-9); // 2 GFLOP in 10 ms
    assertEquals(0, Samples.result("a", 1.0, 1.0).rate(0));
  }

  @Test
  void jsonKeepsWhatTheGuardNeeds() {
    Result before = Samples.result("gemm/forward/1x2x3", 0.9, 0.8, 0.95, 1.4);
    Result after = Result.of(Json.object(Json.parse(Json.write(before.json()))));
    assertEquals(before.key(), after.key());
    assertEquals(before.ratios(), after.ratios());
    assertEquals(before.goal(), after.goal());
    Result failed = Result.of(Json.object(Json.parse(Json.write(Samples.failed("b").json()))));
    assertEquals("no Python", failed.problem());
    assertFalse(failed.measured());
  }

  @Test
  void whatIsNoResultIsRefused() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Result.of(Json.object(Json.parse("{\"row\": \"a\", \"threads\": \"two\"}"))));
    assertEquals("\"threads\" should be a number, not two", e.getMessage());
  }

  @Test
  void numbersAreRoundedToFourDigits() {
    assertEquals(123_457, Result.rounded(123_456.7));
    assertEquals(1.235, Result.rounded(1.23456));
    assertEquals(0.0001235, Result.rounded(0.000123456), 1e-12);
    assertEquals(0, Result.rounded(0));
  }
}
