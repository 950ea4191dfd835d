package dev.bulwark.bench.peers;

import dev.bulwark.bench.PeakLoops;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the machine can do at most, measured by our worker: the rates to hold the results against.
 *
 * @param threads how many threads computed
 * @param gflops multiplications and additions in registers, GFLOP/s
 * @param read sum of arrays larger than any cache, GB/s
 * @param copy copy of such arrays, bytes read and written, GB/s
 */
record Peak(int threads, double gflops, double read, double copy) {
  /** Asks our side. */
  static Peak of(Sides sides, int threads) throws WorkerException {
    return new Peak(
        threads,
        threads * PeakLoops.FMA_GIGA * rate(sides, "fma"),
        threads * PeakLoops.READ_GIGA * rate(sides, "read"),
        threads * PeakLoops.COPY_GIGA * rate(sides, "copy"));
  }

  /** Repetitions a second. */
  private static double rate(Sides sides, String kind) throws WorkerException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("row", "peak/" + kind + "/largest");
    request.put("seconds", 0.5);
    request.put("reps", 5);
    sides.ask(Sides.OURS, request); // warm-up
    return 1000 / Alternation.positive(sides.ask(Sides.OURS, request), "ms");
  }

  /** What a file says. */
  static Peak of(Map<String, @Nullable Object> json) {
    return new Peak(
        (int) Result.number("threads", json.get("threads")),
        Result.number("fma_gflops", json.get("fma_gflops")),
        Result.number("read_gb_s", json.get("read_gb_s")),
        Result.number("copy_gb_s", json.get("copy_gb_s")));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("threads", threads);
    json.put("fma_gflops", Result.rounded(gflops));
    json.put("read_gb_s", Result.rounded(read));
    json.put("copy_gb_s", Result.rounded(copy));
    return json;
  }
}
