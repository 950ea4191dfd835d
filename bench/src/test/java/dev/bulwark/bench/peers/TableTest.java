package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Result OF_INTEREST =
      new Result("java-peers/mkl", 1, "ms", 1, "mkl", 1, List.of(2.0), Row.Work.NONE, null, "");

  private static List<String> print(Result... results) {
    StringWriter text = new StringWriter();
    Table.print(new PrintWriter(text), List.of(new Peak(2, 330, 35.3, 16.7)), List.of(results));
    return text.toString().lines().toList();
  }

  @Test
  void theLastLineCountsTheTargetsMet() {
    List<String> lines =
        print(
            Samples.result("good", 0.9, 1.2),
            Samples.result("slow", 0.9, 0.5),
            OF_INTEREST,
            Samples.failed("absent"));
    assertEquals("targets met 1 of 3", lines.getLast());
  }

  @Test
  void whatIsNotMetIsNamed() {
    List<String> lines = print(Samples.result("slow", 0.9, 0.5), Samples.failed("absent"));
    assertTrue(lines.contains("not met: slow@2: 0.50 of 0.90"), lines::toString);
    assertTrue(lines.contains("not met: absent@2: no Python"), lines::toString);
  }

  @Test
  void ratesStandBesideThePeak() {
    List<String> lines = print(Samples.result("good", 0.9, 0.5));
    assertEquals(
        "peak, 2 threads: FMA 330 GFLOP/s, read 35.3 GB/s, copy 16.7 GB/s", lines.getFirst());
    assertTrue(lines.get(2).contains("200.0F") && lines.get(2).contains("400.0F"), lines.get(2));
  }
}
