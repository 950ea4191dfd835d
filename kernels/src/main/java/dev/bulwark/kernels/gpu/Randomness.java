package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Kernels that draw from a Philox stream, each element from its own place in it. */
final class Randomness {
  private static final Kernel DROPOUT = Program.RANDOM.kernel("bk_dropout");
  private static final Kernel UNIFORM = Program.RANDOM.kernel("bk_uniform");
  private static final Kernel NORMAL = Program.RANDOM.kernel("bk_normal");
  private static final Kernel BERNOULLI = Program.RANDOM.kernel("bk_bernoulli");
  private static final Kernel BERNOULLI8 = Program.RANDOM.kernel("bk_bernoulli8");

  private final Work work;

  Randomness(Work work) {
    this.work = work;
  }

  void dropout(Tensor x, double p, Rng rng, Tensor y) {
    Operands.requireF32("dropout", x, y);
    int threshold = Rng.threshold(p);
    float grown = (float) (1 / (1 - p));
    long[] first = new long[1];
    View.each(
        v -> {
          launch(DROPOUT, 4, v, first, rng, x, v.of(0), threshold, grown, y, v.of(1));
        },
        x,
        y);
  }

  void uniform(Rng rng, double low, double high, Tensor y) {
    Operands.requireF32("uniform", y);
    draw(UNIFORM, 4, rng, y, low, high - low);
  }

  void normal(Rng rng, double mean, double deviation, Tensor y) {
    Operands.requireF32("normal", y);
    draw(NORMAL, 2, rng, y, mean, deviation);
  }

  void bernoulli(Rng rng, double p, Tensor y) {
    if (y.dtype() == DType.U8) {
      draw(BERNOULLI8, 4, rng, y, Rng.threshold(p));
    } else {
      Operands.requireF32("bernoulli", y);
      draw(BERNOULLI, 4, rng, y, Rng.threshold(p));
    }
  }

  private void draw(Kernel kernel, int ofThread, Rng rng, Tensor y, Object... numbers) {
    long[] first = new long[1];
    View.each(
        v -> {
          List<Object> own = new ArrayList<>(List.of(numbers));
          own.add(y);
          own.add(v.of(0));
          launch(kernel, ofThread, v, first, rng, own.toArray());
        },
        y);
  }

  /**
   * Queues a kernel over a part of a tensor.
   *
   * @param ofThread elements that a thread draws at once
   * @param first number of the part's first element; afterwards of the next part's
   * @param own the kernel's own arguments, before those that all have
   */
  private void launch(Kernel kernel, int ofThread, View v, long[] first, Rng rng, Object... own) {
    List<Object> arguments = new ArrayList<>(List.of(own));
    arguments.addAll(List.of(v.dims(), v.size(), first[0], rng.key()));
    // One thread more: the first element may be in the middle of a block of words.
    work.launch(kernel, Grid.over(v.size() / ofThread + 1), arguments.toArray());
    first[0] += v.size();
  }
}
