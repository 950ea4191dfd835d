package dev.bulwark.autograd.check;

import static dev.bulwark.autograd.Messages.assertSays;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.autograd.Node;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GradientCheckTest {
  private final Tensor a = Tensor.of(Shape.of(2, 2), 0.3, -0.2, 0.7, 1.1);
  private final Tensor b = Tensor.of(Shape.of(2, 2), 1.3, 0.4, -0.5, 0.9);

  /** a times b, with a mistake in one element of b's gradient. */
  private static Variable wrongProduct(Variable a, Variable b, double mistake) {
    return Node.of(
        "wrong",
        a.value().times(b.value()),
        List.of(a, b),
        (dy, to) -> {
          to.add(0, () -> dy.times(b.value()));
          to.add(
              1,
              () -> {
                Tensor d = dy.times(a.value());
                Tensor one = d.slice(0, 1, 2).slice(1, 0, 1);
                one.kernels().affine(one, 1, mistake, one);
                return d;
              });
        });
  }

  @Test
  void rightGradientsPass() {
    GradientCheck.of("matmul", in -> Elementwise.tanh(Matmul.matmul(in.get(0), in.get(1))))
        .tolerance(1e-8, 1e-6)
        .check(a, b);
  }

  @Test
  void aWrongElementIsNamed() {
    GradientCheck check =
        GradientCheck.of("product", in -> wrongProduct(in.get(0), in.get(1), 0.01));
    AssertionError e = assertThrows(AssertionError.class, () -> check.check(a, b));
    assertSays(e, "product: the gradient of input 1 f64[2, 2] at [1, 0] is ");
    assertSays(e, "but finite differences give ");
  }

  @Test
  void theRandomDirectionAloneFindsAMistake() {
    GradientCheck check =
        GradientCheck.of("product", in -> wrongProduct(in.get(0), in.get(1), 0.5)).elements(0);
    AssertionError e = assertThrows(AssertionError.class, () -> check.check(a, b));
    assertSays(e, "random direction");
  }

  @Test
  void aForgottenGradientIsFound() {
    GradientCheck check =
        GradientCheck.of(
            "forgotten",
            in ->
                Node.of(
                    "forgotten",
                    in.get(0).value().plus(in.get(1).value()),
                    in,
                    (dy, to) -> to.add(0, () -> dy)));
    assertThrows(AssertionError.class, () -> check.check(a, b));
  }

  @Test
  void aNaNIsNotAPass() {
    GradientCheck check =
        GradientCheck.of(
            "nan",
            in ->
                Node.of(
                    "nan",
                    in.get(0).value(),
                    in,
                    (dy, to) -> to.add(0, () -> dy.times(Double.NaN))));
    assertThrows(AssertionError.class, () -> check.check(a));
  }

  @Test
  void integerInputsAreConstants() {
    Tensor ids = Tensor.of(Shape.of(2), 1, 0);
    GradientCheck.of(
            "rows", in -> dev.bulwark.autograd.op.Indexing.gatherRows(in.get(0), in.get(1).value()))
        .rng(Rng.seed(3))
        .step(1e-5)
        .check(a, ids);
    assertThrows(
        IllegalArgumentException.class,
        () -> GradientCheck.of("ids", in -> in.get(0)).check(a.cast(DType.F32)));
  }
}
