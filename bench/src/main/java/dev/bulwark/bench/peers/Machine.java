package dev.bulwark.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Facts of the machine and the software that a result depends on. */
final class Machine {
  private Machine() {}

  /** Facts that need no worker. */
  static Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", cpu());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("jdk", Runtime.version().toString());
    return facts;
  }

  /** Adds what a side says about itself; a side that is absent adds nothing. */
  static void add(Map<String, Object> facts, Sides sides, String side) {
    try {
      sides
          .ask(side, Map.of("row", "versions"))
          .forEach((name, value) -> {
            if (value != null && !name.equals("threads")) {
              facts.put(side + "_" + name, value);
            }
          });
    } catch (WorkerException e) {
      facts.put(side, "absent: " + e.getMessage());
    }
  }

  private static String cpu() {
    try {
      Map<String, String> info = new LinkedHashMap<>();
      Files.readAllLines(Path.of("/proc/cpuinfo"))
          .forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
              info.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
          });
      return info.getOrDefault("model name", "unknown")
          + ", family "
          + info.getOrDefault("cpu family", "?")
          + " model "
          + info.getOrDefault("model", "?");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
