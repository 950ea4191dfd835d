package dev.bulwark.tensor.check;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Every promise of {@link dev.bulwark.tensor.backend.Kernels}, as cases that a back end passes. */
public final class KernelContract {
  /** Lengths around the widths of vectors and blocks. */
  static final int[] SIZES = {0, 1, 3, 5, 15, 16, 17, 31, 33, 64, 65, 127};

  /** Shapes of every kind: empty, scalar, vector, odd matrices, higher ranks. */
  static final List<Shape> SHAPES =
      List.of(
          Shape.of(),
          Shape.of(0),
          Shape.of(1),
          Shape.of(17),
          Shape.of(127),
          Shape.of(3, 0),
          Shape.of(1, 5),
          Shape.of(5, 1),
          Shape.of(3, 33),
          Shape.of(16, 64),
          Shape.of(2, 3, 5),
          Shape.of(2, 1, 3, 15));

  private KernelContract() {}

  /**
   * One promise.
   *
   * @param name kernel and what is special
   * @param check fails with an {@link AssertionError} that names call, operands, place and both
   *     values
   */
  public record Case(String name, Consumer<Backend> check) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * All cases.
   *
   * @param dtype type of the floating operands: F32 for every back end, F64 where it is supported
   * @return cases, independent of one another
   */
  public static List<Case> cases(DType dtype) {
    List<Case> all = new ArrayList<>();
    ElementwiseCases.addTo(all, dtype);
    ReductionCases.addTo(all, dtype);
    ProductCases.addTo(all, dtype);
    IndexingCases.addTo(all, dtype);
    RowCases.addTo(all, dtype);
    AttentionCases.addTo(all, dtype);
    RandomCases.addTo(all, dtype);
    TrainingCases.addTo(all, dtype);
    return all;
  }

  /**
   * Runs all cases.
   *
   * @param backend the back end
   * @param dtype type of the floating operands
   * @throws AssertionError at the first promise that is broken
   */
  public static void verify(Backend backend, DType dtype) {
    cases(dtype).forEach(c -> c.check().accept(backend));
  }
}
