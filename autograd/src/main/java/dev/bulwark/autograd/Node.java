package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One op in the graph: its inputs and its backward half.
 *
 * <p>Ids are given in order of creation. An op is made after its inputs, so walking by descending
 * id visits every consumer before its producer: no recursion, no sorting.
 */
public final class Node {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long id;
  private final String op;
  private final String path;
  private @Nullable String label;
  private boolean valueKept;
  private @Nullable Content content;

  /** What a consumed node forgets. */
  record Content(List<Variable> inputs, Tensor output, List<Tensor> saved, Backward backward) {}

  private Node(String op, Content content) {
    this.id = NEXT.getAndIncrement();
    this.op = op;
    this.path = ModulePath.current();
    this.content = content;
  }

  /**
   * The result of an op, with a node behind it if any input needs a gradient.
   *
   * @param op name of the op, for messages
   * @param output the value that was computed
   * @param inputs the operands, in the order that {@code backward} numbers them
   * @param backward the backward half
   * @return the result; a constant if no input needs a gradient or inside {@link NoGrad}
   */
  public static Variable of(String op, Tensor output, List<Variable> inputs, Backward backward) {
    return of(op, output, inputs, List.of(), backward);
  }

  /**
   * The result of an op that keeps tensors of its own for the backward half.
   *
   * @param op name of the op, for messages
   * @param output the value that was computed
   * @param inputs the operands, in the order that {@code backward} numbers them
   * @param saved tensors that {@code backward} uses, perhaps views of operands; what is no operand
   *     is released with the node, or at once if there is none
   * @param backward the backward half
   * @return the result; a constant if no input needs a gradient or inside {@link NoGrad}
   */
  public static Variable of(
      String op, Tensor output, List<Variable> inputs, List<Tensor> saved, Backward backward) {
    Anomaly.checkForward(op, output, inputs);
    if (needsGradient(inputs)) {
      if (!NoGrad.active()) {
        return make(op, output, inputs, saved, backward);
      }
      NoGrad.suppress();
    }
    for (Tensor t : saved) {
      if (t.buffer().owner() != null && !shares(t, output, inputs)) {
        t.buffer().release("saved by " + op + " for a backward pass that was not asked for");
      }
    }
    return Variable.constant(output);
  }

  private static boolean shares(Tensor t, Tensor output, List<Variable> inputs) {
    boolean found = t.buffer().equals(output.buffer());
    for (Variable v : inputs) {
      found |= t.buffer().equals(v.value().buffer());
    }
    return found;
  }

  /** A node whatever its inputs are: for blocks that reach leaves on their own. */
  static Variable make(
      String op, Tensor output, List<Variable> inputs, List<Tensor> saved, Backward backward) {
    return new Variable(
        output, new Node(op, new Content(List.copyOf(inputs), output, saved, backward)));
  }

  /**
   * Number in order of creation.
   *
   * @return the id, larger than the ids of all inputs
   */
  public long id() {
    return id;
  }

  /**
   * Name of the op.
   *
   * @return for example "layerNorm"
   */
  public String op() {
    return op;
  }

  /**
   * The operands.
   *
   * @return the inputs; none once a backward pass has consumed the node
   */
  public List<Variable> inputs() {
    return content == null ? List.of() : content.inputs();
  }

  /**
   * What and where this is, for messages.
   *
   * @return for example "layerNorm #17 'hidden' at encoder.layer.3"
   */
  public String describe() {
    return op
        + " #"
        + id
        + (label == null ? "" : " '" + label + "'")
        + (path.isEmpty() ? "" : " at " + path);
  }

  @Override
  public String toString() {
    return describe();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  /** By id, so that tables of nodes lie in memory as the nodes do. */
  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  /** The content, or an error that says who took it. */
  Content content() {
    if (content == null) {
      throw new IllegalStateException(
          "backward: the graph at "
              + describe()
              + " was consumed by an earlier backward pass; give that pass Release.RETAIN");
    }
    return content;
  }

  void consume() {
    content = null;
  }

  void label(String name) {
    label = name;
  }

  @Nullable String label() {
    return label;
  }

  void keepValue() {
    valueKept = true;
  }

  boolean valueKept() {
    return valueKept;
  }

  private static boolean needsGradient(List<Variable> inputs) {
    for (Variable v : inputs) {
      if (v.needsGradient()) {
        return true;
      }
    }
    return false;
  }
}
