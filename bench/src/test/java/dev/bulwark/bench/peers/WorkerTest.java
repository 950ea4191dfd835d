package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Workers that misbehave, played by shell scripts. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class WorkerTest {
  private static final Map<String, Object> REQUEST = Map.of("row", "gemm/forward/1x2x3");

  private static Worker shell(String script) throws WorkerException {
    return new Worker("side", List.of("sh", "-c", script), Map.of("ANSWER", "2.5"));
  }

  private static String complaint(String script) throws WorkerException {
    try (Worker worker = shell(script)) {
      return String.valueOf(
          assertThrows(WorkerException.class, () -> worker.ask(REQUEST)).getMessage());
    }
  }

  @Test
  void answersLineByLine() throws WorkerException {
    try (Worker worker =
        shell("while read line; do echo \"{\\\"ms\\\": $ANSWER, \\\"asked\\\": $line}\"; done")) {
      for (int i = 0; i < 3; i++) {
        Map<String, ?> answer = worker.ask(REQUEST);
        assertEquals(2.5, answer.get("ms"));
        assertEquals(REQUEST, answer.get("asked"));
      }
      assertTrue(worker.isAlive());
    }
  }

  @Test
  void aWorkerThatDiesIsNamedWithItsLastWords() throws WorkerException {
    assertEquals(
        "side died with exit code 3: no module named torch",
        complaint("read line; echo first >&2; echo no module named torch >&2; exit 3"));
  }

  @Test
  void aWorkerThatNeverListensIsNamedToo() throws WorkerException {
    assertEquals("side died with exit code 4", complaint("exit 4"));
  }

  @Test
  void rubbishIsQuotedAndEndsTheWorker() throws WorkerException {
    try (Worker worker = shell("read line; echo Loading weights...; sleep 60")) {
      WorkerException e = assertThrows(WorkerException.class, () -> worker.ask(REQUEST));
      assertEquals("side answered with what is no JSON: Loading weights...", e.getMessage());
      assertFalse(worker.isAlive());
    }
  }

  @Test
  void anErrorIsPassedOnAndTheWorkerGoesOn() throws WorkerException {
    String script = "while read line; do echo '{\"error\": \"MemoryError: too large\"}'; done";
    try (Worker worker = shell(script)) {
      WorkerException e = assertThrows(WorkerException.class, () -> worker.ask(REQUEST));
      assertEquals("side: MemoryError: too large", e.getMessage());
      assertTrue(worker.isAlive());
    }
  }

  @Test
  void whatIsNotInstalledIsNamed() {
    WorkerException e =
        assertThrows(
            WorkerException.class, () -> new Worker("side", List.of("/no/such/python"), Map.of()));
    assertTrue(String.valueOf(e.getMessage()).startsWith("side does not start: "), e::getMessage);
  }
}
