/**
 * Tensors: values made of a buffer, a type, a shape and strides. Gradients are not here: they live
 * in the {@code autograd} module.
 *
 * <p>Letters in shapes, here and everywhere: B batch, S sequence length, T tokens of a whole batch,
 * H hidden size, A attention heads, D size of one head, C classes, V vocabulary.
 */
@NullMarked
package dev.bulwark.tensor;

import org.jspecify.annotations.NullMarked;
