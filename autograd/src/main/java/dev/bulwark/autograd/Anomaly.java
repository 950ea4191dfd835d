package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds the op that made the first NaN or infinity, forward or backward.
 *
 * <p>Costs a pass over every result, so it is switched on for a body at a time:
 *
 * <pre>{@code Gradients g = Anomaly.watch(() -> loss(batch).backward());}</pre>
 *
 * <p>A NaN is always reported. An infinity is reported unless an operand had one already: masks of
 * minus infinity are common and become exact zeros in a softmax.
 */
public final class Anomaly {
  private static final ScopedValue<Boolean> WATCHING = ScopedValue.newInstance();

  private Anomaly() {}

  /**
   * Calls a body in which every op checks its result and every backward its gradients.
   *
   * @param body what to watch
   * @param <T> type of the result
   * @return the body's result
   * @throws NonFiniteException at the first op that makes a NaN or an infinity
   */
  public static <T> T watch(Supplier<T> body) {
    return ScopedValue.where(WATCHING, true).call(body::get);
  }

  /**
   * Whether this thread is being watched.
   *
   * @return true inside {@link #watch}
   */
  public static boolean active() {
    return WATCHING.isBound();
  }

  static void checkForward(String op, Tensor output, List<Variable> inputs) {
    if (!active() || isFinite(output)) {
      return;
    }
    Count found = Count.of(output);
    StringBuilder operands = new StringBuilder();
    boolean infinityCameIn = false;
    boolean anyBad = false;
    for (int i = 0; i < inputs.size(); i++) {
      Variable v = inputs.get(i);
      Count c = isFinite(v.value()) ? Count.NONE : Count.of(v.value());
      infinityCameIn |= c.infinite > 0;
      anyBad |= !c.isNone();
      operands.append(i == 0 ? "" : ", ").append(i).append(": ").append(v.describe());
      operands.append(c.isNone() ? " (finite)" : " (already " + c + ")");
    }
    if (found.nan == 0 && infinityCameIn) {
      return;
    }
    throw new NonFiniteException(
        op
            + ": the result "
            + output.describe()
            + " has "
            + found
            + ModulePath.suffix()
            + "; inputs "
            + operands
            + (anyBad ? "" : ": it began in this op"));
  }

  static void checkBackward(Node node, int input, Variable to, Tensor dy, Tensor gradient) {
    if (!active() || isFinite(gradient)) {
      return;
    }
    Count found = Count.of(gradient);
    Count incoming = isFinite(dy) ? Count.NONE : Count.of(dy);
    if (found.nan == 0 && incoming.infinite > 0) {
      return;
    }
    throw new NonFiniteException(
        "backward of "
            + node.describe()
            + ": the gradient of input "
            + input
            + ", "
            + to.describe()
            + ", has "
            + found
            + "; the gradient that came in, "
            + dy.describe()
            + ", "
            + (incoming.isNone() ? "was finite: it began in this op" : "already had " + incoming));
  }

  private static boolean isFinite(Tensor t) {
    return !t.dtype().isArithmetic() || t.kernels().allFinite(t);
  }

  /** How many bad numbers there are and where the first is. */
  private record Count(long nan, long infinite, String first) {
    static final Count NONE = new Count(0, 0, "");

    static Count of(Tensor t) {
      double[] values = t.toDoubles();
      long nan = 0;
      long infinite = 0;
      int first = -1;
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          nan += Double.isNaN(values[i]) ? 1 : 0;
          infinite += Double.isNaN(values[i]) ? 0 : 1;
          first = first < 0 ? i : first;
        }
      }
      return first < 0 ? NONE : new Count(nan, infinite, index(t, first));
    }

    boolean isNone() {
      return nan + infinite == 0;
    }

    private static String index(Tensor t, int flat) {
      int[] at = new int[t.rank()];
      int rest = flat;
      for (int axis = t.rank() - 1; axis >= 0; axis--) {
        at[axis] = rest % t.dim(axis);
        rest /= t.dim(axis);
      }
      return Arrays.toString(at);
    }

    @Override
    public String toString() {
      return nan + " NaN and " + infinite + " infinite, the first at " + first;
    }
  }
}
