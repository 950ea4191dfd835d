package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Turns of two sides that are played by shell scripts. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class AlternationTest {
  /** Takes 10 ms as ours, 8 ms as "fast", 9 ms as "fair" and 30 ms as "slow"; logs each turn. */
  private static final String SIDE =
      """
      while read line; do
        case "$line" in
          *versions*) echo '{}'; continue;;
          *fast*) ms=8;;
          *fair*) ms=9;;
          *slow*) ms=30;;
          *broken*) echo '{"error": "no such way"}'; continue;;
          *) ms=10;;
        esac
        echo $ms >> "$LOG"
        echo "{\\"ms\\": $ms, \\"min_ms\\": $ms}"
      done
      """;

  @TempDir Path folder;

  private Worker start(String side) throws WorkerException {
    if (side.equals("absent")) {
      throw new WorkerException("absent is not installed");
    }
    Map<String, String> log = Map.of("LOG", folder.resolve("log").toString());
    return new Worker(side, List.of("sh", "-c", SIDE), log);
  }

  private Result run(Row row) {
    try (Sides sides = new Sides(this::start)) {
      return new Alternation(sides, 2, 3).run(row);
    }
  }

  @Test
  void theFastestWayOfThePeerCounts() {
    Result result = run(Samples.row("gemm/a/1", "fair", "fast"));
    assertEquals("torch fast", result.peer());
    assertEquals(0.8, result.ratio(), 1e-12);
    assertFalse(result.met());
  }

  @Test
  void sidesTakeTurnsAndAHopelessWayIsTriedOnce() throws IOException {
    run(Samples.row("gemm/a/1", "slow", "fast"));
    List<String> turns = Files.readAllLines(folder.resolve("log"));
    assertEquals(List.of("10", "30", "8", "10", "8", "8", "10", "10", "8"), turns);
  }

  @Test
  void aBrokenWayDoesNotHideTheOthers() {
    Result result = run(Samples.row("gemm/a/1", "broken", "fair"));
    assertEquals("torch fair", result.peer());
    assertTrue(result.met());
  }

  @Test
  void anAbsentPeerIsAResultThatIsNotMet() {
    Row row = Samples.row("gemm/a/1", "broken");
    Result result = run(row);
    assertFalse(result.met());
    assertTrue(result.counts());
    assertEquals("torch: no such way", result.problem());
  }
}
