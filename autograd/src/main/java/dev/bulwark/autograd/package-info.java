/**
 * Reverse-mode automatic differentiation, eager and of first order.
 *
 * <p>A {@link dev.bulwark.autograd.Variable} is a tensor that remembers how it was made. Ops in
 * {@link dev.bulwark.autograd.op} compute a value and leave a {@link dev.bulwark.autograd.Node}
 * behind that knows how to push a gradient back; {@link dev.bulwark.autograd.Variable#backward()}
 * walks the nodes from the newest to the oldest and answers {@link dev.bulwark.autograd.Gradients},
 * a value. Nothing is stored on the variables, so there is nothing to reset between steps.
 *
 * <p>Start with {@code op/Normalisation.java} to see how an op is written, then {@code Walk.java}
 * for the graph walk.
 */
@NullMarked
package dev.bulwark.autograd;

import org.jspecify.annotations.NullMarked;
