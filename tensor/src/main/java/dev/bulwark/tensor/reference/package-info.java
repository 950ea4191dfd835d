/**
 * The plain-Java back end: simple loops, sums in double. Slow, always there, and the oracle that
 * every other back end is tested against.
 */
@NullMarked
package dev.bulwark.tensor.reference;

import org.jspecify.annotations.NullMarked;
