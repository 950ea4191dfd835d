/** Rules that hold between the modules. */
@NullMarked
package dev.bulwark.bench;

import org.jspecify.annotations.NullMarked;
