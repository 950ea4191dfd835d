/** Published attacks, one short file each: read one beside its paper. */
@NullMarked
package dev.bulwark.robust.attack.recipe;

import org.jspecify.annotations.NullMarked;
