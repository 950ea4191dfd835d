package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The PTX in the jar becomes machine code for each generation of GPUs, and needs what it needed.
 */
class PtxAssembleTest {
  /** Kernels that may keep registers in memory, as "program kernel"; each with its reason. */
  private static final Set<String> MAY_SPILL = Set.of();

  @BeforeAll
  static void onlyWhereTheCompilerRuns() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "JCuda's PTX compiler is there for Linux on x86-64 only");
  }

  @Test
  void needsWhatTheTableSays() throws IOException {
    assertEquals(
        table(),
        PtxTable.measured(),
        () -> "kernels need more or less than the table says: run `" + Ptx.COMMAND + "`");
  }

  @Test
  void spillsNothing() throws IOException {
    List<String> spilling =
        table()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .filter(line -> !line.matches("\\S+ \\S+(\\s+(\\d+/0/\\d+|-))+"))
            .filter(line -> MAY_SPILL.stream().noneMatch(k -> line.startsWith(k + " ")))
            .toList();
    assertEquals(List.of(), spilling, "registers / bytes spilled / bytes shared");
  }

  @Test
  void aMistakeIsNamed() {
    String broken = ".version 7.0\n.target sm_75\n.address_size 64\n.entry x() { nonsense; }\n";
    var refused =
        assertThrows(IllegalArgumentException.class, () -> PtxAssembler.assemble(broken, "sm_75"));
    assertTrue(String.valueOf(refused.getMessage()).contains("nonsense"), refused::getMessage);
  }

  private static String table() throws IOException {
    try (InputStream in = PtxAssembleTest.class.getResourceAsStream(PtxTable.NAME)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
