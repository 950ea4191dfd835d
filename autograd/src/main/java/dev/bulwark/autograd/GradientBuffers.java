package dev.bulwark.autograd;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts who holds the memory of gradients in flight, so that it is added to in place only when
 * nobody else looks at it and given back when the last holder lets go.
 *
 * <p>Ops pass gradients on as they are, or as views (addition, reshape, slice), so one buffer may
 * be held by several inputs at once.
 */
final class GradientBuffers {
  private final Map<Buffer, int[]> holders = new HashMap<>();
  private final Scope home;

  GradientBuffers(Scope home) {
    this.home = home;
  }

  /** Takes a tensor of the caller, which is never written to or released. */
  Tensor borrow(Tensor t) {
    holders.put(t.buffer(), new int[] {2}); // one for the caller, who never lets go
    return t;
  }

  /**
   * Takes a hold on a tensor. What was allocated in the current scope moves home; what belongs to
   * somebody else (a forward value, say) is copied, since it may be released before the gradient.
   */
  Tensor adopt(Tensor t) {
    int[] count = holders.get(t.buffer());
    if (count != null) {
      count[0]++;
      return t;
    }
    Tensor own = t.buffer().owner() == Scope.current() ? t : t.copy();
    own.buffer().moveTo(home);
    holders.put(own.buffer(), new int[] {1});
    return own;
  }

  /** Takes one more hold on an adopted tensor. */
  void hold(Tensor t) {
    count(t)[0]++;
  }

  /** Lets go; the last holder gives the memory back. */
  void drop(Tensor t) {
    int[] count = count(t);
    count[0]--;
    if (count[0] == 0) {
      holders.remove(t.buffer());
      if (t.buffer().owner() == home) {
        t.buffer()
            .release(
                "a gradient inside of a backward pass; retain() or copy() it in the hook to keep it");
      }
    }
  }

  /** Sum of two held tensors, held once; both are let go of. */
  Tensor add(Tensor a, Tensor b) {
    if (isWritable(a)) {
      a.kernels().addScaled(b, 1, a);
      drop(b);
      return a;
    }
    if (isWritable(b)) {
      b.kernels().addScaled(a, 1, b);
      drop(a);
      return b;
    }
    Tensor sum = adopt(a.plus(b));
    drop(a);
    drop(b);
    return sum;
  }

  /** The same numbers, contiguous and held by nobody else. */
  Tensor exclusive(Tensor t) {
    if (t.isContiguous() && isWritable(t)) {
      return t;
    }
    Tensor copy = adopt(t.copy());
    drop(t);
    return copy;
  }

  private boolean isWritable(Tensor t) {
    if (count(t)[0] != 1) {
      return false;
    }
    for (int axis = 0; axis < t.rank(); axis++) {
      if (t.stride(axis) == 0 && t.dim(axis) > 1) {
        return false; // broadcast: one element stands for many
      }
    }
    return true;
  }

  private int[] count(Tensor t) {
    int[] count = holders.get(t.buffer());
    if (count == null) {
      throw new IllegalStateException("gradient " + t.describe() + " is held by nobody");
    }
    return count;
  }
}
