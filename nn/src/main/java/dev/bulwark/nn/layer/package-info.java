/** The layers that encoders and heads are put together from. */
@NullMarked
package dev.bulwark.nn.layer;

import org.jspecify.annotations.NullMarked;
