package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AdamWUpdate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The optimiser step, on many parameters in one launch. */
final class Training {
  private static final Kernel ADAMW = Program.TRAINING.kernel("bk_adamw");

  private static final int AT_ONCE = 16; // parameters that the kernel takes

  private static final int MOST_BLOCKS = 1024; // of a parameter: enough to fill a device

  private final Work work;

  Training(Work work) {
    this.work = work;
  }

  /** Parameters that share the step's numbers share launches. */
  void adamW(List<AdamWUpdate> updates) {
    Map<AdamW, List<AdamWUpdate>> byStep = new LinkedHashMap<>();
    for (AdamWUpdate u : updates) {
      check(u);
      if (u.parameter().size() > 0) {
        byStep.computeIfAbsent(u.step(), s -> new ArrayList<>()).add(u);
      }
    }
    byStep.forEach((step, all) -> {
      for (int from = 0; from < all.size(); from += AT_ONCE) {
        launch(step, all.subList(from, Math.min(all.size(), from + AT_ONCE)));
      }
    });
  }

  private void launch(AdamW s, List<AdamWUpdate> updates) {
    List<@Nullable Object> arguments = new ArrayList<>(numbers(s));
    int most = 1;
    for (AdamWUpdate u : updates) {
      Tensor p = u.parameter();
      Tensor g = u.gradient();
      Tensor m = u.moment1();
      Tensor v = u.moment2();
      int[] places = {p.size(), p.offset(), g.offset(), m.offset(), v.offset()};
      arguments.addAll(List.of(p, g, m, v, places));
      most = Math.max(most, p.size());
    }
    for (int k = updates.size(); k < AT_ONCE; k++) {
      arguments.addAll(Arrays.asList(null, null, null, null, new int[5]));
    }
    int blocks = Math.min(Grid.over(most).x(), MOST_BLOCKS);
    work.launch(ADAMW, new Grid(blocks, updates.size(), Grid.BLOCK), arguments.toArray());
  }

  /** What the step multiplies with, computed in double. */
  private static List<Float> numbers(AdamW s) {
    return List.of(
        (float) s.gradientScale(),
        (float) s.beta1(),
        (float) (1 - s.beta1()),
        (float) s.beta2(),
        (float) (1 - s.beta2()),
        (float) (1 - s.learningRate() * s.weightDecay()),
        (float) (-s.learningRate() / (1 - StrictMath.pow(s.beta1(), s.step()))),
        (float) (1 / Math.sqrt(1 - StrictMath.pow(s.beta2(), s.step()))),
        (float) s.epsilon());
  }

  private static void check(AdamWUpdate u) {
    Tensor[] all = {u.parameter(), u.gradient(), u.moment1(), u.moment2()};
    Operands.requireF32("adamW", all);
    for (Tensor t : all) {
      if (!t.isContiguous() || !t.shape().equals(u.parameter().shape())) {
        throw new IllegalArgumentException(
            "adamW: parameter, gradient and moments must be contiguous and of shape "
                + u.parameter().shape()
                + ", but one is "
                + t.describe()
                + (t.isContiguous() ? "" : ", not contiguous"));
      }
    }
  }
}
