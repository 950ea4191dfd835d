package dev.bulwark.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a comparison. */
final class PeersOptions {
  private static final int QUICK_ROUNDS = 1;

  @Option(
      names = "--rows",
      paramLabel = "PATTERN",
      description =
          "which rows: names with * for anything and {a,b} for either, several separated by blanks,"
              + " such as 'gemm/*/2048x768x* softmax/*' (default: all; 'bulwark bench list' names"
              + " them)")
  String rows = "*";

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "how many threads each side gets, one run for each (default: 1,2)")
  List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "counted turns of each side and row, medians are taken (default: 5)")
  int rounds = 5;

  @Option(names = "--quick", description = "one round, and only rows that take seconds")
  boolean quick;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "a Python that has torch, transformers and onnxruntime (default: the environment variable"
              + " BULWARK_PEER_PYTHON, else python3)")
  @Nullable String python;

  @Option(
      names = "--java-peers",
      description =
          "also multiply with MKL, OpenBLAS, ND4J and DJL from Java, without targets; build them"
              + " first: mvn -f bench/peers/java package")
  boolean javaPeers;

  @Mixin SentenceOptions sentences = new SentenceOptions();

  @Option(
      names = "--memory-heap",
      paramLabel = "SIZE",
      description =
          "largest heap of our process in the memory row. A JVM takes what it is given, so this is"
              + " the heap a user would choose for that step: the smallest with which it is not slower"
              + " (default: 3500m; with 3000m it runs out of memory)")
  String memoryHeap = "3500m";

  /**
   * The rows that were asked for.
   *
   * @throws IllegalArgumentException if there is none, or an option makes no sense
   */
  List<Row> selected() {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1, not " + rounds);
    }
    if (threads.isEmpty() || threads.stream().anyMatch(t -> t < 1)) {
      throw new IllegalArgumentException("--threads must be numbers from 1, not " + threads);
    }
    List<Row> all = new ArrayList<>(Rows.all(epoch()));
    if (javaPeers) {
      all.addAll(Rows.javaPeers());
    }
    List<Row> chosen = Rows.matching(all, rows);
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "no row is called '" + rows + "'; 'bulwark bench list' names them");
    }
    return quick ? chosen.stream().filter(Row::isSmall).toList() : chosen;
  }

  int countedRounds() {
    return quick ? QUICK_ROUNDS : rounds;
  }

  Epoch epoch() {
    return sentences.epoch();
  }

  Launch launch(int threadCount) {
    String variable = System.getenv("BULWARK_PEER_PYTHON");
    String chosen = python != null ? python : variable != null ? variable : "python3";
    return new Launch(home(), chosen, threadCount);
  }

  /** Folder of the project: what the launcher says, else the folder this was started in. */
  static Path home() {
    Path home = Path.of(System.getProperty("bulwark.home", "")).toAbsolutePath();
    if (!Files.isDirectory(home.resolve("bench/peers"))) {
      throw new IllegalArgumentException(
          home + " has no bench/peers; start with ./bulwark bench, or set -Dbulwark.home");
    }
    return home;
  }
}
