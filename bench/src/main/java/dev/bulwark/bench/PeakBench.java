package dev.bulwark.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the machine can do at most, to set the other benches beside: {@code giga} is GFLOP/s of
 * multiply-adds in registers, GB/s read, or GB/s copied (read and written).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseTransparentHugePages"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeakBench {
  /** What is measured. */
  @Param({"fma", "read", "copy"})
  public String kind = "";

  /** On how many threads at once. */
  @Param({"1", "2"})
  public int threads;

  private Runnable loop = () -> {};
  private double giga;

  /** Touches the memory and starts the threads. */
  @Setup
  public void prepare() {
    loop = PeakLoops.of(kind, threads);
    giga =
        threads
            * switch (kind) {
              case "fma" -> PeakLoops.FMA_GIGA;
              case "read" -> PeakLoops.READ_GIGA;
              default -> PeakLoops.COPY_GIGA;
            };
  }

  /** The loop. */
  @Benchmark
  public void peak(Rate rate) {
    loop.run();
    rate.add(1e9 * giga);
  }
}
