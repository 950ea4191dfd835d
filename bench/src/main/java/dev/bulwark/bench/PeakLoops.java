package dev.bulwark.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops that do nothing but what they measure, on every thread at once. */
public final class PeakLoops {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int FMA_ROUNDS = 1_000_000;
  private static final int CHAINS = 16;
  private static final int FLOATS = 1 << 25; // 128 MiB: larger than a core's share of any cache

  /** Billions of operations of a repetition of "fma" on one thread. */
  public static final double FMA_GIGA = 2e-9 * FMA_ROUNDS * CHAINS * LANES;

  /** Billions of bytes of a repetition of "read" on one thread. */
  public static final double READ_GIGA = 4e-9 * FLOATS;

  /** Billions of bytes, read and written, of a repetition of "copy" on one thread. */
  public static final double COPY_GIGA = 4e-9 * FLOATS;

  private PeakLoops() {}

  /**
   * A loop to repeat.
   *
   * @param kind fma, read or copy
   * @param threads how many threads run it
   * @return the loop
   */
  public static Runnable of(String kind, int threads) {
    List<DoubleSupplier> loops = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      loops.add(
          switch (kind) {
            case "fma" -> () -> fma(FMA_ROUNDS);
            case "read" -> {
              float[] x = touched(FLOATS);
              yield () -> sum(x);
            }
            case "copy" -> {
              float[] x = touched(FLOATS / 2);
              float[] y = touched(FLOATS / 2);
              yield () -> {
                System.arraycopy(x, 0, y, 0, x.length);
                return y[0];
              };
            }
            default -> throw new IllegalArgumentException("no peak called " + kind);
          });
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    return () -> together(pool, loops);
  }

  private static void together(ExecutorService pool, List<DoubleSupplier> loops) {
    try {
      List<Future<Double>> running = new ArrayList<>();
      loops.forEach(loop -> running.add(pool.submit(loop::getAsDouble)));
      for (Future<Double> one : running) {
        sink = one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unused") // keeps results alive
  private static volatile double sink;

  private static float[] touched(int size) {
    float[] x = new float[size];
    Arrays.fill(x, 1);
    return x;
  }

  /** Sixteen independent chains: more than latency times ports. */
  private static float fma(int rounds) {
    FloatVector a = FloatVector.broadcast(S, 0.5f);
    FloatVector b = FloatVector.broadcast(S, 0.25f);
    FloatVector c0 = a;
    FloatVector c1 = a;
    FloatVector c2 = a;
    FloatVector c3 = a;
    FloatVector c4 = a;
    FloatVector c5 = a;
    FloatVector c6 = a;
    FloatVector c7 = a;
    FloatVector c8 = a;
    FloatVector c9 = a;
    FloatVector c10 = a;
    FloatVector c11 = a;
    FloatVector c12 = a;
    FloatVector c13 = a;
    FloatVector c14 = a;
    FloatVector c15 = a;
    for (int i = 0; i < rounds; i++) {
      c0 = c0.fma(a, b);
      c1 = c1.fma(a, b);
      c2 = c2.fma(a, b);
      c3 = c3.fma(a, b);
      c4 = c4.fma(a, b);
      c5 = c5.fma(a, b);
      c6 = c6.fma(a, b);
      c7 = c7.fma(a, b);
      c8 = c8.fma(a, b);
      c9 = c9.fma(a, b);
      c10 = c10.fma(a, b);
      c11 = c11.fma(a, b);
      c12 = c12.fma(a, b);
      c13 = c13.fma(a, b);
      c14 = c14.fma(a, b);
      c15 = c15.fma(a, b);
    }
    FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7);
    FloatVector high = c8.add(c9).add(c10).add(c11).add(c12).add(c13).add(c14).add(c15);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }

  /** Four accumulators, so that loads and not additions set the pace. */
  private static float sum(float[] x) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < x.length; i += 4 * LANES) {
      s0 = s0.add(FloatVector.fromArray(S, x, i));
      s1 = s1.add(FloatVector.fromArray(S, x, i + LANES));
      s2 = s2.add(FloatVector.fromArray(S, x, i + 2 * LANES));
      s3 = s3.add(FloatVector.fromArray(S, x, i + 3 * LANES));
    }
    return s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
  }
}
