package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final List<Row> ALL = Rows.all(new Epoch(Path.of("none.tsv"), 1024));

  private static List<String> named(String pattern) {
    return Rows.matching(ALL, pattern).stream().map(Row::id).toList();
  }

  @Test
  void namesAreDistinctAndEveryRowHasATarget() {
    Set<String> names = new HashSet<>();
    ALL.forEach(row -> assertTrue(names.add(row.id()) && row.goal() != null, row.id()));
    Rows.javaPeers().forEach(row -> assertTrue(names.add(row.id()) && row.goal() == null));
  }

  @Test
  void patternsReachAcrossThePartsOfAName() {
    assertEquals(ALL.size(), named("*").size());
    assertEquals(18, named("gemm*").size());
    assertEquals(3, named("gemm/*/2048x768x768").size());
    assertEquals(4, named("{softmax,gelu}/*").size());
    assertEquals(List.of("adamw/step/7087872", "epoch/minilm/32"), named("epoch/* adamw/*"));
    assertEquals(List.of(), named("nothing"));
  }

  @Test
  void lengthsFitTheShapeOfThePaddedBatch() {
    assertEquals(16, Rows.REAL_LENGTHS.size());
    assertEquals(48, Rows.REAL_LENGTHS.stream().mapToInt(n -> n).max().orElseThrow());
  }
}
