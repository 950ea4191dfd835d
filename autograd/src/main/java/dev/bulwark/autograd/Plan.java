package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a walk knows of the graph before it starts: which nodes it can reach, which of them lead to
 * a wanted leaf, and how many of them hold each buffer.
 */
final class Plan {
  private final long floor;
  private final Set<Node> reached = new HashSet<>();
  private final Set<Node> useless = new HashSet<>();
  private final Map<Buffer, int[]> holders = new HashMap<>();
  private final Set<Buffer> pinned = new HashSet<>();

  /**
   * Looks at the graph below a root.
   *
   * @param root where the walk starts; its value stays
   * @param floor nodes with a smaller id belong to somebody else
   */
  Plan(Variable root, long floor) {
    this.floor = floor;
    pinned.add(root.value().buffer());
    ArrayDeque<Node> open = new ArrayDeque<>();
    visit(root, open);
    for (Node node = open.poll(); node != null; node = open.poll()) {
      Node.Content content = node.content();
      hold(content.output());
      content.saved().forEach(this::hold);
      for (Variable input : content.inputs()) {
        visit(input, open);
      }
    }
  }

  private void visit(Variable v, ArrayDeque<Node> open) {
    Node node = v.node();
    if (node == null || node.id() < floor) {
      pinned.add(v.value().buffer());
    } else if (reached.add(node)) {
      if (node.valueKept()) {
        pinned.add(v.value().buffer());
      }
      open.push(node);
    }
  }

  private void hold(Tensor t) {
    holders.computeIfAbsent(t.buffer(), b -> new int[1])[0]++;
  }

  /**
   * Marks the nodes from which no wanted input is reached.
   *
   * @param wanted whether an input from outside of the plan is wanted
   */
  void keepOnly(Predicate<Variable> wanted) {
    List<Node> oldestFirst = new ArrayList<>(reached);
    oldestFirst.sort(Comparator.comparingLong(Node::id));
    for (Node node : oldestFirst) {
      Node.Content content = node.content();
      boolean useful = content.backward() instanceof Recompute.Replay; // may reach any leaf
      for (Variable input : content.inputs()) {
        Node from = input.node();
        useful |=
            (from != null && reached.contains(from))
                ? !useless.contains(from)
                : input.needsGradient() && wanted.test(input);
      }
      if (!useful) {
        useless.add(node);
      }
    }
  }

  /** Whether a gradient of this node leads to a wanted leaf. */
  boolean isUseful(Node node) {
    return !useless.contains(node);
  }

  /** Gives back what only this node still held and cuts it out of the graph. */
  void consume(Node node) {
    Node.Content content = node.content();
    letGo(content.output(), node);
    content.saved().forEach(t -> letGo(t, node));
    node.consume();
  }

  private void letGo(Tensor t, Node node) {
    Buffer buffer = t.buffer();
    int[] count = holders.get(buffer);
    if (count == null) {
      return; // reached from a replayed block only: its scope gives it back
    }
    count[0]--;
    if (count[0] == 0 && !pinned.contains(buffer) && buffer.owner() != null) {
      buffer.release(
          "the value of "
              + node.describe()
              + ", consumed by backward; give it Release.RETAIN, or detach() the variable before");
    }
  }
}
