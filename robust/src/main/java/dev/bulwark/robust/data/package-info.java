/** Labelled text: examples, the readers that stream them from files, and batches made of them. */
@NullMarked
package dev.bulwark.robust.data;

import org.jspecify.annotations.NullMarked;
