package dev.bulwark.bench.peers;

import dev.bulwark.bench.PeakLoops;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What our worker repeats for each job. */
final class Cases {
  private Cases() {}

  /**
   * Prepares a job.
   *
   * @param job kind/detail/shape
   * @param request further fields
   * @return one repetition
   * @throws IllegalArgumentException if there is no such job
   */
  static Runnable of(String job, Map<String, @Nullable Object> request) throws IOException {
    String[] parts = job.split("/");
    if (parts.length != 3) {
      throw new IllegalArgumentException("a row is kind/detail/shape, not " + job);
    }
    String detail = parts[1];
    String shape = parts[2];
    return switch (parts[0]) {
      case "peak" -> PeakLoops.of(detail, Integer.getInteger("bulwark.threads", 1));
      case "gemm" -> KernelCases.gemm(detail, sizes(shape));
      case "softmax" -> KernelCases.softmax(detail, sizes(shape));
      case "layer-norm" -> KernelCases.layerNorm(detail, sizes(shape));
      case "gelu" -> KernelCases.gelu(detail, sizes(shape));
      case "adamw" -> KernelCases.adamW(sizes(shape));
      case "attention" -> KernelCases.attention(sizes(shape), lengths(request));
      case "step" -> ModelCases.step(detail, sizes(shape));
      case "inference" -> ModelCases.inference(detail, sizes(shape), lengths(request));
      case "epoch" -> new EpochCase(sizes(shape)[0], request);
      default -> throw new IllegalArgumentException("no row of the kind " + parts[0]);
    };
  }

  private static int[] sizes(String shape) {
    return Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  /** Real tokens of each sequence; empty if nothing is padded. */
  private static int[] lengths(Map<String, @Nullable Object> request) {
    return request.get("lengths") instanceof List<?> list
        ? list.stream().mapToInt(n -> (int) Result.number("lengths", n)).toArray()
        : new int[0];
  }
}
