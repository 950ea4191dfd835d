package dev.bulwark.autograd;

import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.autograd.op.Reductions;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What models compute with: a tensor and, if some leaf behind it wants a gradient, the {@link Node}
 * that made it.
 *
 * <p>Ops are static methods in {@link dev.bulwark.autograd.op}; the commonest are methods here too.
 */
public final class Variable {
  private Tensor value;
  private final @Nullable Node node;
  private final @Nullable String name;
  private final boolean needsGradient;

  private Variable(
      Tensor value, @Nullable Node node, @Nullable String name, boolean needsGradient) {
    this.value = value;
    this.node = node;
    this.name = name;
    this.needsGradient = needsGradient;
  }

  Variable(Tensor value, Node node) {
    this(value, node, null, true);
  }

  /**
   * A value that wants no gradient.
   *
   * @param t the value
   * @return a constant
   */
  public static Variable constant(Tensor t) {
    return new Variable(t, null, null, false);
  }

  /**
   * A value that wants a gradient: a parameter, an embedding to perturb.
   *
   * @param name its name, for messages
   * @param t the value, F32 or F64
   * @return a leaf
   */
  public static Variable leaf(String name, Tensor t) {
    if (!t.dtype().isArithmetic()) {
      throw new IllegalArgumentException(
          "leaf '" + name + "' is " + t.describe() + ", but gradients need F32 or F64; cast it");
    }
    return new Variable(t, null, name, true);
  }

  /** The value. */
  public Tensor value() {
    return value;
  }

  /** Shape of the value. */
  public Shape shape() {
    return value.shape();
  }

  /** Size of an axis, counted from the end if negative. */
  public int dim(int axis) {
    return value.dim(axis);
  }

  /**
   * The only element.
   *
   * @return its value
   * @throws ShapeException if there is not exactly one
   */
  public double item() {
    return value.item();
  }

  /** Whether a leaf behind this wants a gradient: false for what is made of constants only. */
  public boolean needsGradient() {
    return needsGradient;
  }

  /** Whether this was made by {@link #leaf}. */
  public boolean isLeaf() {
    return needsGradient && node == null;
  }

  /** The op behind this; null for leaves and constants. */
  public @Nullable Node node() {
    return node;
  }

  /**
   * The name given, or one made of the op.
   *
   * @return for example "encoder.layer.0.output.dense.weight", "matmul #17" or "constant"
   */
  public String name() {
    if (name != null) {
      return name;
    }
    if (node == null) {
      return "constant";
    }
    String label = node.label();
    return label != null ? label : node.op() + " #" + node.id();
  }

  /**
   * Name, type and shape for messages.
   *
   * @return for example "leaf 'w' f32[2, 3]"
   */
  public String describe() {
    return (isLeaf() ? "leaf '" + name + "'" : node == null ? name() : node.describe())
        + " "
        + value.describe();
  }

  /**
   * Gives the result of an op a name, for messages.
   *
   * @param newName the name
   * @return this, or a named constant
   * @throws IllegalStateException if this is a leaf, which has its name
   */
  public Variable named(String newName) {
    if (isLeaf()) {
      throw new IllegalStateException(describe() + " has a name already");
    }
    if (node == null) {
      return new Variable(value, null, newName, false);
    }
    node.label(newName);
    return this;
  }

  /**
   * The same value, cut off from the graph. It stays readable after a backward pass.
   *
   * @return a constant that shares the memory
   */
  public Variable detach() {
    if (node != null) {
      node.keepValue();
    }
    return constant(value);
  }

  /**
   * Replaces the value of a leaf; graphs that were built before must not be walked any more.
   *
   * @param t a value of the same shape and type
   * @throws IllegalStateException if this is not a leaf
   * @throws ShapeException if shape or type differ
   */
  public void setValue(Tensor t) {
    if (!isLeaf()) {
      throw new IllegalStateException(describe() + " is not a leaf: only leaves take a new value");
    }
    if (!t.shape().equals(shape()) || t.dtype() != value.dtype()) {
      throw new ShapeException(describe() + " cannot take " + t.describe());
    }
    value = t;
  }

  /**
   * Looks at the gradient of this variable whenever a backward pass gets there.
   *
   * @param hook is given the gradient, which it must not write to and must {@code copy()} or {@code
   *     retain()} to keep
   * @return the variable to go on with: only gradients that flow through it are seen
   */
  public Variable onGradient(Consumer<Tensor> hook) {
    return mapGradient(dy -> {
      hook.accept(dy);
      return dy;
    });
  }

  /**
   * Changes the gradient of this variable on its way back.
   *
   * @param hook from gradient to a gradient of the same shape and type
   * @return the variable to go on with: only gradients that flow through it are changed
   */
  public Variable mapGradient(UnaryOperator<Tensor> hook) {
    return Node.of("hook", value, List.of(this), (dy, to) -> to.add(0, () -> hook.apply(dy)));
  }

  // ---- backward

  /**
   * Gradients of this scalar with respect to all leaves behind it; the graph is consumed.
   *
   * @return the gradients
   * @throws ShapeException if this is not a scalar
   * @throws IllegalStateException if no leaf is behind it, or an earlier pass consumed the graph
   */
  public Gradients backward() {
    return backward(Release.AS_CONSUMED);
  }

  /**
   * Gradients of this scalar with respect to all leaves behind it.
   *
   * @param policy what becomes of the graph
   * @return the gradients
   */
  public Gradients backward(Release policy) {
    return Walk.run(this, null, policy, null);
  }

  /**
   * Gradients of the inner product of this and a seed.
   *
   * @param seed gradient of some result with respect to this, of its shape and type
   * @param policy what becomes of the graph
   * @return the gradients
   */
  public Gradients backward(Tensor seed, Release policy) {
    return Walk.run(this, seed, policy, null);
  }

  /**
   * Gradients of this scalar with respect to some leaves only; work for all others is skipped.
   *
   * @param policy what becomes of the graph
   * @param wanted the leaves
   * @return their gradients
   */
  public Gradients backward(Release policy, Collection<Variable> wanted) {
    return Walk.run(this, null, policy, Set.copyOf(wanted));
  }

  // ---- the commonest ops

  /** Sum of both, broadcast. */
  public Variable plus(Variable other) {
    return Elementwise.add(this, other);
  }

  /** Each element plus a number. */
  public Variable plus(double summand) {
    return Elementwise.affine(this, 1, summand);
  }

  /** This minus the other, broadcast. */
  public Variable minus(Variable other) {
    return Elementwise.sub(this, other);
  }

  /** Product element by element, broadcast. */
  public Variable times(Variable other) {
    return Elementwise.mul(this, other);
  }

  /** Each element times a number. */
  public Variable times(double factor) {
    return Elementwise.affine(this, factor, 0);
  }

  /** This over the other, element by element, broadcast. */
  public Variable div(Variable other) {
    return Elementwise.div(this, other);
  }

  /** Matrix product of the last two axes, see {@link Matmul#matmul}. */
  public Variable matmul(Variable other) {
    return Matmul.matmul(this, other);
  }

  /** The same elements in another shape, see {@link Views#reshape}. */
  public Variable reshape(int... dims) {
    return Views.reshape(this, dims);
  }

  /** Two axes swapped. */
  public Variable transpose(int a, int b) {
    return Views.transpose(this, a, b);
  }

  /** Axes reordered, see {@link Views#permute}. */
  public Variable permute(int... order) {
    return Views.permute(this, order);
  }

  /** A range of one axis, see {@link Views#slice}. */
  public Variable slice(int axis, int from, int to) {
    return Views.slice(this, axis, from, to);
  }

  /** One index of one axis, which disappears. */
  public Variable select(int axis, int index) {
    return Views.select(this, axis, index);
  }

  /** Sum over axes, which disappear; over all if none is given. */
  public Variable sum(int... axes) {
    return Reductions.sum(this, axes);
  }

  /** Mean over axes, which disappear; over all if none is given. */
  public Variable mean(int... axes) {
    return Reductions.mean(this, axes);
  }

  @Override
  public String toString() {
    return describe();
  }
}
