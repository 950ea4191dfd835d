package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Operands of one shape, as kernels take them: at most four axes, neighbours merged where all
 * operands allow it.
 *
 * @param dims sizes of four axes, the last innermost; 1 where there is none
 * @param views offset and four strides of each operand
 * @param size number of elements
 */
record View(int[] dims, int[][] views, int size) {
  private static final int AXES = 4;

  /** View of an operand. */
  int[] of(int operand) {
    return views[operand];
  }

  /** Distance in memory between an operand's innermost neighbours. */
  int innermostStride(int operand) {
    return views[operand][AXES];
  }

  /**
   * Calls an action with the operands' view; several times, one for each index of the outer axes,
   * if they keep more than four. Not at all if there is no element.
   */
  static void each(Consumer<View> action, Tensor... operands) {
    Shape shape = operands[0].shape();
    for (Tensor t : operands) {
      t.buffer().checkLive();
      if (!t.shape().equals(shape)) {
        throw new IllegalStateException(
            "operands of one kernel have shapes " + shape + " and " + t.shape());
      }
    }
    if (shape.size() > 0) {
      split(action, operands);
    }
  }

  private static void split(Consumer<View> action, Tensor[] operands) {
    View view = merged(operands);
    if (view != null) {
      action.accept(view);
      return;
    }
    for (int i = 0; i < operands[0].dim(0); i++) {
      Tensor[] inner = new Tensor[operands.length];
      for (int k = 0; k < inner.length; k++) {
        inner[k] = operands[k].select(0, i);
      }
      split(action, inner);
    }
  }

  /** Null if more than four axes remain. */
  private static @org.jspecify.annotations.Nullable View merged(Tensor[] operands) {
    int[] dims = {1, 1, 1, 1};
    int[][] views = new int[operands.length][AXES + 1];
    for (int k = 0; k < operands.length; k++) {
      views[k][0] = operands[k].offset();
    }
    int at = AXES - 1; // the axis being filled, from the innermost outwards
    for (int axis = operands[0].rank() - 1; axis >= 0; axis--) {
      int d = operands[0].dim(axis);
      if (d == 1) {
        continue;
      }
      if (dims[at] != 1 && !continues(operands, axis, views, at, dims[at])) {
        if (--at < 0) {
          return null;
        }
      }
      for (int k = 0; dims[at] == 1 && k < operands.length; k++) {
        views[k][at + 1] = operands[k].stride(axis);
      }
      dims[at] *= d;
    }
    return new View(dims, views, operands[0].size());
  }

  private static boolean continues(Tensor[] operands, int axis, int[][] views, int at, int size) {
    for (int k = 0; k < operands.length; k++) {
      if (operands[k].stride(axis) != views[k][at + 1] * size) {
        return false;
      }
    }
    return true;
  }
}
