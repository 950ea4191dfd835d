package dev.bulwark.autograd;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass: takes the newest node that has a gradient, applies its backward, and goes on
 * until only leaves are left.
 *
 * <p>Gradients of one variable are added up in descending order of the nodes that use it, so the
 * same graph gives the same bits. A {@link Recompute} block is walked by an inner walk that puts
 * what it finds straight into the outer one, in the order in which it would have come without
 * recomputation.
 */
final class Walk {
  private final @Nullable Walk outer;
  private final long floor;
  private final Map<Variable, Variable> standIns;
  private final GradientBuffers buffers;
  private final @Nullable Plan plan;
  private final boolean consume;
  private final @Nullable Set<Variable> wanted;
  private final PriorityQueue<Node> ready =
      new PriorityQueue<>(Comparator.comparingLong(Node::id).reversed());
  private final Map<Node, Tensor> pending = new HashMap<>();
  private final Map<Variable, Tensor> leaves = new LinkedHashMap<>();

  private Walk(
      Variable root, boolean consume, @Nullable Set<Variable> wanted, GradientBuffers buffers) {
    this.outer = null;
    this.floor = 0;
    this.standIns = Map.of();
    this.buffers = buffers;
    this.consume = consume;
    this.wanted = wanted;
    this.plan = consume || wanted != null ? new Plan(root, 0) : null;
    if (plan != null && wanted != null) {
      plan.keepOnly(wanted::contains);
    }
  }

  private Walk(Walk outer, Variable root, long floor, Map<Variable, Variable> standIns) {
    this.outer = outer;
    this.floor = floor;
    this.standIns = standIns;
    this.buffers = outer.buffers;
    this.consume = true;
    this.wanted = null;
    this.plan = new Plan(root, floor);
    plan.keepOnly(v -> outer.wants(standIns.getOrDefault(v, v)));
  }

  /** Runs a backward pass; see {@link Variable#backward(Tensor, Release)}. */
  static Gradients run(
      Variable root, @Nullable Tensor seed, Release policy, @Nullable Set<Variable> wanted) {
    checkStart(root, seed, wanted == null ? Set.of() : wanted);
    @Nullable Scope home = Scope.current();
    return Scope.call(
        "backward",
        () -> {
          GradientBuffers buffers = new GradientBuffers(Objects.requireNonNull(Scope.current()));
          Walk walk = new Walk(root, policy == Release.AS_CONSUMED, wanted, buffers);
          double scale = LossScale.current();
          Tensor start =
              seed == null ? filled(root.value(), scale) : scale == 1 ? seed : seed.times(scale);
          walk.put(root, buffers.borrow(start));
          walk.drain();
          return walk.result(home, scale);
        });
  }

  private static void checkStart(
      Variable root, @Nullable Tensor seed, Collection<Variable> wanted) {
    if (!root.needsGradient()) {
      throw new IllegalStateException(
          "backward: no leaf is behind "
              + root.describe()
              + "; was it computed inside NoGrad, detached, or made of constants only?");
    }
    if (seed == null && root.value().size() != 1) {
      throw new ShapeException(
          "backward: starts at a scalar, but this is "
              + root.describe()
              + "; sum it or give a seed");
    }
    if (seed != null
        && !(seed.shape().equals(root.shape()) && seed.dtype() == root.value().dtype())) {
      throw new ShapeException(
          "backward: the seed is " + seed.describe() + ", but it starts at " + root.describe());
    }
    for (Variable v : wanted) {
      if (!v.isLeaf()) {
        throw new IllegalArgumentException(
            "backward: " + v.describe() + " is not a leaf, so it has no gradient to ask for");
      }
    }
  }

  private static Tensor filled(Tensor like, double value) {
    Tensor t = Tensor.empty(like.shape(), like.dtype(), like.backend());
    t.kernels().fill(t, value);
    return t;
  }

  private Gradients result(@Nullable Scope home, double scale) {
    leaves.replaceAll((leaf, t) -> buffers.exclusive(t));
    if (scale != 1) {
      leaves.values().forEach(t -> t.kernels().affine(t, 1 / scale, 0, t));
    }
    leaves.values().forEach(t -> t.buffer().moveTo(home));
    return new Gradients(leaves);
  }

  private void drain() {
    for (Node node = ready.poll(); node != null; node = ready.poll()) {
      Tensor dy = Objects.requireNonNull(pending.remove(node));
      NodeSink sink = new NodeSink(node, dy);
      Scope.run("backward of " + node.op(), sink::apply);
      sink.close();
      if (consume && plan != null) {
        plan.consume(node);
      }
    }
  }

  /** Whether anybody asked for the gradient of this variable. */
  private boolean wants(Variable v) {
    Node node = v.node();
    if (!v.needsGradient()) {
      return false;
    }
    if (outer != null && (node == null || node.id() < floor)) {
      return outer.wants(standIns.getOrDefault(v, v));
    }
    return node == null
        ? wanted == null || wanted.contains(v)
        : plan == null || plan.isUseful(node);
  }

  private @Nullable Tensor get(Variable v) {
    Node node = v.node();
    if (outer != null && (node == null || node.id() < floor)) {
      return outer.get(standIns.getOrDefault(v, v));
    }
    return node == null ? leaves.get(v) : pending.get(node);
  }

  private void put(Variable v, Tensor gradient) {
    Node node = v.node();
    if (outer != null && (node == null || node.id() < floor)) {
      outer.put(standIns.getOrDefault(v, v), gradient);
    } else if (node == null) {
      leaves.put(v, gradient);
    } else if (pending.put(node, gradient) == null) {
      ready.add(node);
    }
  }

  /** The sink of one node. */
  final class NodeSink implements Sink {
    private final Node node;
    private final Node.Content content;
    private final Tensor dy;
    private final List<Tensor> handedOver = new ArrayList<>(2);

    private NodeSink(Node node, Tensor dy) {
      this.node = node;
      this.content = node.content();
      this.dy = dy;
    }

    private void apply() {
      content.backward().apply(dy, this);
    }

    /** Lets go of what the backward could still see while it ran. */
    private void close() {
      handedOver.forEach(buffers::drop);
      buffers.drop(dy);
    }

    @Override
    public void add(int input, Supplier<Tensor> gradient) {
      Variable to = content.inputs().get(input);
      if (wants(to)) {
        Tensor g = gradient.get();
        check(input, to, g);
        hand(to, g);
      }
    }

    @Override
    public void accumulate(int input, Consumer<Tensor> into) {
      Variable to = content.inputs().get(input);
      if (wants(to)) {
        Tensor before = get(to);
        Tensor sum =
            before == null ? buffers.adopt(filled(to.value(), 0)) : buffers.exclusive(before);
        put(to, sum);
        into.accept(sum);
        Anomaly.checkBackward(node, input, to, dy, sum);
      }
    }

    @Override
    public void merge(Gradients gradients) {
      for (Variable leaf : gradients.leaves()) {
        if (wants(leaf)) {
          hand(leaf, gradients.get(leaf));
        }
      }
    }

    /** Walks a block that was computed again; its stand-ins are leaves in place of our inputs. */
    void replay(Variable root, Map<Variable, Variable> standInsOfInputs) {
      if (root.needsGradient()) {
        Walk inner = new Walk(Walk.this, root, node.id(), standInsOfInputs);
        inner.put(root, buffers.adopt(dy));
        inner.drain();
      }
    }

    private void hand(Variable to, Tensor gradient) {
      Tensor g = buffers.adopt(gradient);
      buffers.hold(g); // the backward may use it again: neither write to it nor release it yet
      handedOver.add(g);
      Tensor before = get(to);
      put(to, before == null ? g : buffers.add(before, g));
    }

    private void check(int input, Variable to, Tensor g) {
      if (!g.shape().equals(to.shape()) || g.dtype() != to.value().dtype()) {
        throw new ShapeException(
            "backward of "
                + node.describe()
                + ": the gradient of input "
                + input
                + " is "
                + g.describe()
                + ", but the input is "
                + to.describe()
                + "; both need the same shape and type");
      }
      Anomaly.checkBackward(node, input, to, dy, g);
    }
  }
}
