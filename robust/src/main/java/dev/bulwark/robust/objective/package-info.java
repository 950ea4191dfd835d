/**
 * What a training step minimises. An {@link dev.bulwark.robust.objective.Objective} turns a batch
 * into parameter gradients; a {@link dev.bulwark.robust.objective.Term} is a scalar that can be
 * weighted and added to others; a {@link dev.bulwark.robust.objective.Step} shares the clean pass
 * among them.
 */
@NullMarked
package dev.bulwark.robust.objective;

import org.jspecify.annotations.NullMarked;
