package dev.bulwark.robust.train;

import dev.bulwark.autograd.LossScale;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Precision;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The loss scale of a run in half precision, as torch.amp.GradScaler keeps it: it begins at 65,536,
 * is halved when a gradient overflows (that step is left out), and doubled after 2,000 steps
 * without. In every other precision it is 1 and never changes.
 */
final class LossScaling {
  private static final double FIRST = 0x1p16;
  private static final double LEAST = 0x1p-14;
  private static final double MOST = 0x1p24;
  private static final int PATIENCE = 2000;

  private final boolean dynamic;
  private final Tensor state; // F64 [scale, steps since it changed], on the host

  LossScaling(Precision precision) {
    dynamic = precision == Precision.F16;
    state =
        Backends.with(
                Backends.reference(),
                () -> Tensor.of(Shape.of(2), new double[] {dynamic ? FIRST : 1, 0}))
            .retain();
  }

  /** What a snapshot must hold. */
  Map<String, Tensor> state() {
    return dynamic ? Map.of("loss_scale", state) : Map.of();
  }

  double scale() {
    return state.heap().doubles()[0];
  }

  /** Computes gradients under the scale. */
  Objective.Result gradients(Supplier<Objective.Result> objective) {
    return dynamic ? LossScale.with(scale(), objective) : objective.get();
  }

  /** Whether these gradients can be used; moves the scale. */
  boolean accepts(Objective.Result result) {
    if (!dynamic) {
      return true;
    }
    boolean finite = result.gradients().allFinite();
    double[] now = state.heap().doubles();
    now[1]++;
    if (!finite && now[0] > LEAST) {
      now[0] /= 2;
      now[1] = 0;
    } else if (!finite) {
      throw new IllegalStateException(
          "gradients overflow half precision even at a loss scale of "
              + now[0]
              + "; use --precision bf16 or tf32");
    } else if (now[1] >= PATIENCE && now[0] < MOST) {
      now[0] *= 2;
      now[1] = 0;
    }
    return finite;
  }
}
