package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.Program;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of what each kernel needs on each generation of GPUs, one line a kernel. */
final class PtxTable {
  /** Its file, beside the tests. */
  static final String NAME = "ptx-needs.txt";

  private static final List<Integer> CAPABILITIES = List.of(75, 80, 86, 89, 90);

  private PtxTable() {}

  /** The table of now, from shipped PTX. */
  static String measured() {
    StringBuilder text =
        new StringBuilder(
            "# Registers of a thread / bytes spilled by a thread / bytes of shared memory of a"
                + " block.\n# Written by `"
                + Ptx.COMMAND
                + "`; not to be edited.\n");
    text.append("%-40s".formatted("# program kernel"));
    CAPABILITIES.forEach(c -> text.append(" %14s".formatted("sm_" + c)));
    Arrays.stream(Program.values())
        .flatMap(p -> lines(p).stream())
        .forEach(line -> text.append('\n').append(line));
    return text.append('\n').toString();
  }

  private static List<String> lines(Program program) {
    String ptx = Ptx.shipped(program);
    Map<String, StringBuilder> lines = new TreeMap<>();
    program.kernels().forEach(k -> lines.put(k.name(), start(program, k.name())));
    for (int capability : CAPABILITIES) {
      if (capability < Ptx.lowestCapability(program)) {
        lines.values().forEach(line -> line.append(" %14s".formatted("-")));
        continue;
      }
      for (PtxAssembler.Needs n : PtxAssembler.assemble(ptx, "sm_" + capability)) {
        StringBuilder line = lines.get(n.kernel());
        if (line == null) {
          throw new IllegalStateException(program.id() + " has no kernel " + n.kernel());
        }
        line.append(" %14s".formatted(n.registers() + "/" + n.spilled() + "/" + n.shared()));
      }
    }
    return lines.values().stream().map(StringBuilder::toString).toList();
  }

  private static StringBuilder start(Program program, String kernel) {
    return new StringBuilder("%-40s".formatted(program.id() + " " + kernel));
  }
}
