/**
 * Training methods by name, each a short file that reads like its paper. {@link
 * dev.bulwark.robust.method.Methods} lists them.
 */
@NullMarked
package dev.bulwark.robust.method;

import org.jspecify.annotations.NullMarked;
