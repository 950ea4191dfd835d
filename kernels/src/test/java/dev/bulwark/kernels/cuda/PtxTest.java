package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The PTX in the jar belongs to the kernels of now and takes what they are given. */
class PtxTest {
  private static final Pattern ENTRY =
      Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.([a-z])(\\d+)\\b[^\\[,]*(?:\\[(\\d+)])?");

  @ParameterizedTest
  @EnumSource
  void wasCompiledFromTheSourceOfNow(Program program) {
    String ptx = Ptx.find(program);
    assertNotNull(ptx, () -> "no PTX of " + program.id() + ": run `" + Ptx.COMMAND + "`");
    assertEquals(
        Ptx.header(program),
        ptx.lines().findFirst().orElse(""),
        () -> program.id() + " was changed after its PTX was made: run `" + Ptx.COMMAND + "`");
  }

  @ParameterizedTest
  @EnumSource
  void asksForNothingNewerThanItMust(Program program) {
    String ptx = Ptx.shipped(program);
    assertAll(
        () -> assertTrue(ptx.contains("\n.version 7.0\n"), "PTX version"),
        () ->
            assertTrue(
                ptx.contains("\n.target sm_" + Ptx.lowestCapability(program) + "\n"), "target"),
        () -> assertFalse(ptx.contains("trap;"), "compiled for GPUs that cannot run it"));
  }

  @ParameterizedTest
  @EnumSource
  void takesWhatEachKernelIsGiven(Program program) {
    Map<String, List<Integer>> expected = new TreeMap<>();
    for (Kernel k : program.kernels()) {
      expected.put(k.name(), k.parameters().stream().map(Kernel.Type::bytes).toList());
    }
    assertEquals(expected, entries(Ptx.shipped(program)));
  }

  /** Sizes of the parameters of each entry. */
  private static Map<String, List<Integer>> entries(String ptx) {
    Map<String, List<Integer>> entries = new TreeMap<>();
    Matcher entry = ENTRY.matcher(ptx);
    while (entry.find()) {
      List<Integer> sizes = new ArrayList<>();
      Matcher p = PARAMETER.matcher(entry.group(2));
      while (p.find()) {
        int width = Integer.parseInt(p.group(2)) / 8;
        sizes.add(p.group(3) == null ? width : width * Integer.parseInt(p.group(3)));
      }
      entries.put(entry.group(1), sizes);
    }
    return entries;
  }
}
