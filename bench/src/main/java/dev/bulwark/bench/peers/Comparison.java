package dev.bulwark.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Measures rows at each thread count, and says on standard error how far it is. */
final class Comparison {
  private final PeersOptions options;
  private final List<Row> rows;
  private final Eta eta;
  private final Map<String, Object> machine = Machine.facts();
  private final List<Peak> peaks = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  /**
   * A comparison.
   *
   * @throws IllegalArgumentException if an option makes no sense
   */
  Comparison(PeersOptions options) {
    this.options = options;
    this.rows = options.selected();
    double expected = 0;
    for (int threads : options.threads) {
      for (Row row : rowsAt(threads)) {
        expected += row.expectedSeconds(options.countedRounds());
      }
    }
    this.eta = new Eta(expected);
  }

  /** Memory does not depend on the threads: it is measured once, at the last thread count. */
  private List<Row> rowsAt(int threads) {
    boolean last = threads == options.threads.getLast();
    return rows.stream().filter(r -> last || r.measure() != Row.Measure.MEMORY).toList();
  }

  /** Measures everything. */
  ResultFile run() throws IOException {
    Path scratch = Files.createTempDirectory("bulwark-bench");
    try {
      for (int threads : options.threads) {
        Launch launch = options.launch(threads);
        try (Sides sides = new Sides(launch)) {
          Machine.add(machine, sides, Sides.OURS);
          Machine.add(machine, sides, "torch");
          measurePeak(sides, threads);
          for (Row row : rowsAt(threads)) {
            Result result =
                row.measure() == Row.Measure.MEMORY
                    ? new MemoryContest(launch, options.memoryHeap).run(row)
                    : time(sides, threads, row, scratch);
            results.add(result);
            eta.add(row.expectedSeconds(options.countedRounds()));
            System.err.print(Table.line(result));
            System.err.println(eta);
          }
        }
      }
    } finally {
      delete(scratch);
    }
    return new ResultFile(machine, options.countedRounds(), peaks, results);
  }

  private void measurePeak(Sides sides, int threads) {
    try {
      peaks.add(Peak.of(sides, threads));
    } catch (WorkerException e) {
      System.err.println("bulwark: no peak of the machine: " + e.getMessage());
    }
  }

  private Result time(Sides sides, int threads, Row row, Path scratch) {
    Row ready = row;
    if (row.arguments().containsKey("sst2")) {
      String obstacle = options.epoch().obstacle();
      if (!obstacle.isEmpty()) {
        return Result.failed(row, threads, obstacle);
      }
      try {
        Map<String, Object> more = new HashMap<>(row.arguments());
        more.put("tokenizer", Epoch.exportTokenizer(scratch).toString());
        ready = row.with(more);
      } catch (IOException | RuntimeException e) {
        return Result.failed(row, threads, "no tokenizer: " + e.getMessage());
      }
    }
    return new Alternation(sides, threads, options.countedRounds()).run(ready);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
