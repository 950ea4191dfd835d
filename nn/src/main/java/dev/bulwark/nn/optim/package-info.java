/** Optimisers, which are the only writers of parameters, and learning-rate schedules. */
@NullMarked
package dev.bulwark.nn.optim;

import org.jspecify.annotations.NullMarked;
