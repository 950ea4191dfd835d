package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The floating-point tensors of a checkpoint under their Hugging Face names, for example {@code
 * bert.encoder.layer.0.attention.self.query.weight}, read when asked for.
 *
 * <p>Matrices of linear layers are {@code [out, in]}, layer norms have {@code weight} and {@code
 * bias}, whatever the file calls them. What a tensor was stored in (half, bfloat16, double) does
 * not show: every tensor comes as F32, fresh, on the current back end, and owned by the current
 * scope if there is one.
 *
 * <p>Integer buffers such as {@code position_ids} are not weights and do not appear.
 */
public interface Weights {
  /**
   * Names of all tensors.
   *
   * @return an unmodifiable set in ascending order
   */
  Set<String> names();

  /**
   * Shape of a tensor, without reading it.
   *
   * @param name its name
   * @return its shape
   * @throws CheckpointException if there is no such tensor
   */
  Shape shape(String name);

  /**
   * Reads a tensor that must have a certain shape.
   *
   * @param name its name
   * @param expected the shape it must have
   * @return its values in F32
   * @throws CheckpointException if there is no such tensor, it has another shape, or its bytes are
   *     damaged
   */
  Tensor get(String name, Shape expected);

  /**
   * Reads a tensor that may be missing.
   *
   * @param name its name
   * @return its values in F32, or empty if there is no such tensor
   * @throws CheckpointException if its bytes are damaged
   */
  default Optional<Tensor> find(String name) {
    return has(name) ? Optional.of(get(name, shape(name))) : Optional.empty();
  }

  /**
   * Whether there is a tensor of this name.
   *
   * @param name its name
   * @return true if so
   */
  default boolean has(String name) {
    return names().contains(name);
  }

  /**
   * The tensors of one module: those whose names start with a prefix and a dot, without both.
   *
   * @param prefix a module's name, such as {@code bert.encoder.layer.0}; empty for all
   * @return a view; messages keep naming the whole name
   */
  default Weights under(String prefix) {
    return prefix.isEmpty() ? this : new PrefixedWeights(this, prefix + ".");
  }

  /**
   * Weights held in memory.
   *
   * @param where what to call them in messages
   * @param tensors F32 tensors by name
   * @return the weights; {@link #get} hands out the tensors themselves
   */
  static Weights of(String where, Map<String, Tensor> tensors) {
    return new MemoryWeights(where, tensors);
  }
}
