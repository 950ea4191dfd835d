/**
 * Training runs: {@link dev.bulwark.robust.train.Trainer} is the loop, {@link
 * dev.bulwark.robust.train.TrainSettings} what can be set, {@link
 * dev.bulwark.robust.train.Snapshots} what makes a killed run go on with the same bits.
 */
@NullMarked
package dev.bulwark.robust.train;

import org.jspecify.annotations.NullMarked;
