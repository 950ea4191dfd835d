/** What can go wrong in a comparison. */
@NullMarked
package dev.bulwark.bench.peers;

import org.jspecify.annotations.NullMarked;
