/**
 * Proof that gradients are right: {@link dev.bulwark.autograd.check.GradientCheck} compares what a
 * backward pass says with finite differences. Part of the library, since whoever adds an op or a
 * layer needs it.
 */
@NullMarked
package dev.bulwark.autograd.check;

import org.jspecify.annotations.NullMarked;
