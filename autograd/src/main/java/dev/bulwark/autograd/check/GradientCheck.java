package dev.bulwark.autograd.check;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares gradients with central differences in F64 on the reference back end.
 *
 * <pre>{@code
 * GradientCheck.of("layer norm", in -> Normalisation.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5))
 *     .check(x, gain, bias);
 * }</pre>
 *
 * <p>The function's result is contracted with a fixed random tensor, so that every element counts.
 * One random direction through all inputs is always checked, and each element on its own as long as
 * there are few. The function must be smooth near the inputs: no ties in a maximum, no kink.
 */
public final class GradientCheck {
  private final String name;
  private final Function<List<Variable>, Variable> function;
  private final double step;
  private final double absolute;
  private final double relative;
  private final int elements;
  private final Rng rng;

  private GradientCheck(
      String name,
      Function<List<Variable>, Variable> function,
      double step,
      double absolute,
      double relative,
      int elements,
      Rng rng) {
    this.name = name;
    this.function = function;
    this.step = step;
    this.absolute = absolute;
    this.relative = relative;
    this.elements = elements;
    this.rng = rng;
  }

  /**
   * A check with step 1e-6, tolerances 1e-5 absolute and 1e-3 relative, and up to 200 elements
   * checked one by one.
   *
   * @param name what is checked, for messages
   * @param function pure, from inputs to a result of any shape
   * @return the check
   */
  public static GradientCheck of(String name, Function<List<Variable>, Variable> function) {
    return new GradientCheck(name, function, 1e-6, 1e-5, 1e-3, 200, Rng.seed(7));
  }

  /**
   * The same check with other tolerances: |analytic - numeric| may be absolute + relative
   * |numeric|.
   *
   * @param absolute absolute part
   * @param relative relative part
   * @return the check
   */
  public GradientCheck tolerance(double absolute, double relative) {
    return new GradientCheck(name, function, step, absolute, relative, elements, rng);
  }

  /**
   * The same check with another step.
   *
   * @param step how far to go to either side; around 1e-6 for numbers of size 1
   * @return the check
   */
  public GradientCheck step(double step) {
    return new GradientCheck(name, function, step, absolute, relative, elements, rng);
  }

  /**
   * The same check with another limit: above it, that many elements are drawn at random.
   *
   * @param elements how many elements to check one by one
   * @return the check
   */
  public GradientCheck elements(int elements) {
    return new GradientCheck(name, function, step, absolute, relative, elements, rng);
  }

  /**
   * The same check with another random direction and contraction.
   *
   * @param rng the stream to draw from
   * @return the check
   */
  public GradientCheck rng(Rng rng) {
    return new GradientCheck(name, function, step, absolute, relative, elements, rng);
  }

  /**
   * Runs the check.
   *
   * @param inputs the function's arguments; F64 ones get a gradient, others are constants
   * @throws AssertionError if a gradient is wrong; names the input, the index and both values
   * @throws IllegalArgumentException if no input is F64
   */
  public void check(Tensor... inputs) {
    if (Arrays.stream(inputs).noneMatch(t -> t.dtype() == DType.F64)) {
      throw new IllegalArgumentException(
          "gradient check of " + name + ": no input is F64; cast what shall be checked");
    }
    Backends.with(
        Backends.reference(),
        () -> {
          Scope.run("gradient check of " + name, () -> run(inputs));
          return true;
        });
  }

  private void run(Tensor[] inputs) {
    List<Tensor> at = Arrays.stream(inputs).map(t -> t.to(Backends.reference())).toList();
    List<Variable> leaves = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      Tensor t = at.get(i);
      boolean checked = t.dtype() == DType.F64;
      leaves.add(checked ? Variable.leaf("input " + i, t) : Variable.constant(t));
    }
    Variable y = function.apply(leaves);
    if (y.value().dtype() != DType.F64) {
      throw new AssertionError(name + ": the result of F64 inputs is " + y.value().describe());
    }
    double[] weights = normal(y.shape().size(), rng.split("weights"));
    Gradients gradients = y.backward(Tensor.of(y.shape(), weights), Release.AS_CONSUMED);

    double[][] analytic = new double[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      int size = at.get(i).size();
      analytic[i] = gradients.of(leaves.get(i)).map(Tensor::toDoubles).orElse(new double[size]);
    }
    checkElements(at, weights, analytic);
    checkDirection(at, weights, analytic);
  }

  private void checkElements(List<Tensor> at, double[] weights, double[][] analytic) {
    int total = at.stream().filter(t -> t.dtype() == DType.F64).mapToInt(Tensor::size).sum();
    Rng pick = rng.split("elements");
    int number = 0;
    for (int i = 0; i < at.size(); i++) {
      Tensor t = at.get(i);
      for (int j = 0; t.dtype() == DType.F64 && j < t.size(); j++) {
        if (total > elements && pick.uniform(number++) * total >= elements) {
          continue;
        }
        double[][] direction = new double[at.size()][];
        direction[i] = new double[t.size()];
        direction[i][j] = 1;
        double numeric = slope(at, weights, direction);
        if (!(Math.abs(analytic[i][j] - numeric) <= absolute + relative * Math.abs(numeric))) {
          throw new AssertionError(
              "%s: the gradient of input %d %s at %s is %s, but finite differences give %s"
                  .formatted(name, i, t.describe(), index(t.shape(), j), analytic[i][j], numeric));
        }
      }
    }
  }

  private void checkDirection(List<Tensor> at, double[] weights, double[][] analytic) {
    double[][] direction = new double[at.size()][];
    double expected = 0;
    double size = 0;
    for (int i = 0; i < at.size(); i++) {
      if (at.get(i).dtype() == DType.F64) {
        direction[i] = normal(at.get(i).size(), rng.split("direction").split(i));
        for (int j = 0; j < direction[i].length; j++) {
          expected += direction[i][j] * analytic[i][j];
          size += Math.abs(direction[i][j] * analytic[i][j]);
        }
      }
    }
    double numeric = slope(at, weights, direction);
    if (!(Math.abs(expected - numeric) <= absolute + relative * size)) {
      throw new AssertionError(
          "%s: along a random direction through all inputs the gradients give %s, but finite differences give %s"
              .formatted(name, expected, numeric));
    }
  }

  /** Central difference of the contracted result along a direction. */
  private double slope(List<Tensor> at, double[] weights, double[][] direction) {
    return (value(at, weights, direction, step) - value(at, weights, direction, -step))
        / (2 * step);
  }

  private double value(List<Tensor> at, double[] weights, double[][] direction, double distance) {
    return Scope.call(
        "finite difference",
        () -> {
          List<Variable> moved = new ArrayList<>();
          for (int i = 0; i < at.size(); i++) {
            moved.add(Variable.constant(move(at.get(i), direction[i], distance)));
          }
          double[] y = NoGrad.call(() -> function.apply(moved)).value().toDoubles();
          double sum = 0;
          for (int i = 0; i < y.length; i++) {
            sum += weights[i] * y[i];
          }
          return sum;
        });
  }

  private static Tensor move(Tensor t, double @Nullable [] along, double distance) {
    if (along == null) {
      return t;
    }
    double[] x = t.toDoubles();
    for (int i = 0; i < x.length; i++) {
      x[i] += distance * along[i];
    }
    return Tensor.of(t.shape(), x);
  }

  private static double[] normal(int size, Rng rng) {
    Tensor t = Tensor.empty(Shape.of(size), DType.F64, Backends.reference());
    t.kernels().normal(rng, 0, 1, t);
    return t.toDoubles();
  }

  private static String index(Shape shape, int flat) {
    int[] at = new int[shape.rank()];
    int rest = flat;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(at);
  }
}
