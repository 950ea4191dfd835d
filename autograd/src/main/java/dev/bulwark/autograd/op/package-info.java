/**
 * The differentiable ops: static methods, grouped by theme, each with its backward right beside its
 * forward. Composed ops have no backward of their own; fused ones call a fused kernel.
 *
 * <p>Every op checks its operands first and says what is wrong in a {@link
 * dev.bulwark.tensor.ShapeException}: op, operands with type and shape, the rule, a hint. Letters
 * in comments: N rows, C classes, K inner size, T tokens of all sequences, H hidden size, A
 * attention heads, D head size.
 *
 * <p>To add an op: one method here and one case in {@code OpCases} of the tests; a test fails if
 * the case is missing. Start with {@link dev.bulwark.autograd.op.Normalisation}.
 */
@NullMarked
package dev.bulwark.autograd.op;

import org.jspecify.annotations.NullMarked;
