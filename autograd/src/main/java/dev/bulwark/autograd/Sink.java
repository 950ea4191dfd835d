package dev.bulwark.autograd;

import dev.bulwark.tensor.Tensor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where a {@link Backward} puts the gradients of its inputs. */
public sealed interface Sink permits Walk.NodeSink {
  /**
   * Adds to the gradient of an input.
   *
   * @param input position of the input in the node's list
   * @param gradient computes a tensor of the input's shape and type (a view of {@code dy} is fine);
   *     never called if the input needs no gradient
   */
  void add(int input, Supplier<Tensor> gradient);

  /**
   * Adds to the gradient of an input in place, for ops that touch only a part of it: a slice, some
   * rows of an embedding table.
   *
   * @param input position of the input in the node's list
   * @param into adds to the contiguous tensor it is given, which holds what was gathered so far;
   *     never called if the input needs no gradient
   */
  void accumulate(int input, Consumer<Tensor> into);

  /**
   * Adds gradients of leaves that are not inputs of the node, found by a backward pass inside it.
   *
   * @param gradients the gradients to add
   */
  void merge(Gradients gradients);
}
