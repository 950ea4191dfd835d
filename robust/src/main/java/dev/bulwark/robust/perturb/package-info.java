/** Perturbations of word vectors: where they start, how they climb the loss, what bounds them. */
@NullMarked
package dev.bulwark.robust.perturb;

import org.jspecify.annotations.NullMarked;
