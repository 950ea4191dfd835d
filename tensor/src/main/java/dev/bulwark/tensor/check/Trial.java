package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One call of one kernel, on the reference and on the back end under test, with the same operands.
 * Afterwards all memory is compared: results within their tolerance; operands, and what lies beside
 * a result, unchanged.
 */
final class Trial {
  private static final double UNTOUCHED = 77;

  private final String name;
  private final Backend tested;
  private final List<Operand> operands = new ArrayList<>();

  Trial(String name, Backend tested) {
    this.name = name;
    this.tested = tested;
  }

  /** A kernel call on operands in the order in which they were declared. */
  @FunctionalInterface
  interface Call {
    void on(Kernels kernels, Tensor[] operands);
  }

  /** A kernel call that gives a number. */
  @FunctionalInterface
  interface Measure {
    double on(Kernels kernels, Tensor[] operands);
  }

  private record Operand(
      DType dtype, Layout layout, Shape shape, Samples values, Tolerance tolerance) {
    /** Fresh memory on the reference back end, values in the view, a mark all around it. */
    Tensor base() {
      Backend reference = Backends.reference();
      Tensor base = Tensor.empty(layout.base(shape), dtype, reference);
      reference.kernels().fill(base, UNTOUCHED);
      Tensor to = layout.isBroadcast() ? base : layout.view(base, shape);
      reference.kernels().copy(values.tensor(to.shape()), to);
      return base;
    }

    @Override
    public String toString() {
      return dtype + " " + shape + " " + layout;
    }
  }

  /** An operand that is read; gives its number. */
  int in(DType dtype, Layout layout, Shape shape, Samples values) {
    return add(new Operand(dtype, layout, shape, values, Tolerance.EXACT));
  }

  /** A result, full of other numbers before. */
  int out(DType dtype, Layout layout, Shape shape, Tolerance tolerance) {
    return add(new Operand(dtype, layout, shape, i -> 55, tolerance));
  }

  /** An operand that is read and changed. */
  int inOut(DType dtype, Layout layout, Shape shape, Samples values, Tolerance tolerance) {
    return add(new Operand(dtype, layout, shape, values, tolerance));
  }

  private int add(Operand operand) {
    operands.add(operand);
    return operands.size() - 1;
  }

  /** Runs the call on both and compares. */
  void run(Call call) {
    Scope.run(
        name,
        () -> {
          Tensor[] expected = operands.stream().map(Operand::base).toArray(Tensor[]::new);
          Tensor[] actual = Arrays.stream(expected).map(t -> t.to(tested)).toArray(Tensor[]::new);
          if (tested.equals(Backends.reference())) {
            actual = Arrays.stream(expected).map(Tensor::copy).toArray(Tensor[]::new);
          }
          call.on(Backends.reference().kernels(), views(expected));
          call.on(tested.kernels(), views(actual));
          tested.synchronize();
          for (int i = 0; i < expected.length; i++) {
            compare(i, doubles(expected[i]), doubles(actual[i]));
          }
        });
  }

  /** Runs the call on both and compares the numbers it gives. */
  void measure(Measure call, Tolerance tolerance) {
    double[] results = new double[2];
    int[] runs = new int[1];
    run((k, o) -> results[runs[0]++] = call.on(k, o));
    if (!tolerance.accepts(results[0], results[1])) {
      throw new AssertionError(
          describe() + ": gives " + results[1] + ", but the reference " + results[0]);
    }
  }

  private Tensor[] views(Tensor[] bases) {
    Tensor[] views = new Tensor[bases.length];
    for (int i = 0; i < views.length; i++) {
      views[i] = operands.get(i).layout().view(bases[i], operands.get(i).shape());
    }
    return views;
  }

  private void compare(int number, double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (!operands.get(number).tolerance().accepts(expected[i], actual[i])) {
        throw new AssertionError(
            "%s: operand %d has %s at place %d of its memory, but the reference %s"
                .formatted(describe(), number, actual[i], i, expected[i]));
      }
    }
  }

  private String describe() {
    return name + " on '" + tested.name() + "' with " + operands;
  }

  /**
   * Read with the reference's kernels where memory is shared, so that a broken copy cannot hide.
   */
  private static double[] doubles(Tensor t) {
    Tensor host = t.backend().isHost() ? t : t.to(Backends.reference());
    Tensor y = Tensor.empty(t.shape(), DType.F64, Backends.reference());
    Backends.reference().kernels().copy(host, y);
    return y.toDoubles();
  }
}
