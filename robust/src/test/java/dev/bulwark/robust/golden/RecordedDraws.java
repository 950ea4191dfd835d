package dev.bulwark.robust.golden;

import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Random numbers that another implementation drew, by the name our code asks for. */
public final class RecordedDraws implements Draws {
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, int[]> integers = new HashMap<>();

  /** Numbers for a draw: uniform ones in the range that is asked for, or normal ones. */
  public RecordedDraws put(String name, Tensor numbers) {
    tensors.put(name, numbers);
    return this;
  }

  /** Integers or a permutation for a draw. */
  public RecordedDraws put(String name, int... numbers) {
    integers.put(name, numbers);
    return this;
  }

  private Tensor tensor(String name, Shape shape, DType dtype) {
    Tensor t = Objects.requireNonNull(tensors.get(name), "no recorded draw '" + name + "'");
    if (!t.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "draw '" + name + "' of " + shape + " was recorded as " + t.describe());
    }
    return t.dtype() == dtype ? t : t.cast(dtype);
  }

  private int[] integers(String name, int count) {
    int[] all = Objects.requireNonNull(integers.get(name), "no recorded draw '" + name + "'");
    if (all.length != count) {
      throw new IllegalArgumentException(
          "draw '" + name + "' of " + count + " was recorded as " + all.length);
    }
    return all;
  }

  @Override
  public Tensor uniform(String name, Shape shape, DType dtype, double low, double high) {
    return tensor(name, shape, dtype);
  }

  @Override
  public Tensor normal(String name, Shape shape, DType dtype) {
    return tensor(name, shape, dtype);
  }

  @Override
  public void dropout(String name, Tensor x, double p) { // recorded as 1 for what is kept
    Tensor kept = tensor(name, x.shape(), x.dtype());
    x.kernels().copy(x.times(kept).times(1 / (1 - p)), x);
  }

  @Override
  public int[] below(String name, int count, int bound) {
    return integers(name, count);
  }

  @Override
  public int[] permutation(String name, int n) {
    return integers(name, n);
  }
}
