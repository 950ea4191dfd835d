/**
 * Labelled text: examples, the readers that stream them from files, and batches made of them.
 *
 * <p>Start at {@link dev.bulwark.robust.data.Corpus}: it opens TSV, CSV and JSON-lines files (also
 * gzipped), finds the columns, and yields {@link dev.bulwark.robust.data.Example}s one at a time.
 * {@link dev.bulwark.robust.data.Labels} is the ordered set of classes that turns label names into
 * indices. {@link dev.bulwark.robust.data.DemoData} is the committed sample behind {@code bulwark
 * demo}. Questions answered by a span come from {@link dev.bulwark.robust.data.SquadFile}, and
 * {@link dev.bulwark.robust.data.SpanEncoder} makes a model's input of them.
 *
 * <p>The readers trust nothing: bytes must be UTF-8, lines are bounded, every row must have every
 * column, and what is wrong is said with file, line and remedy in a {@link
 * dev.bulwark.robust.data.DataException}.
 */
@NullMarked
package dev.bulwark.robust.data;

import org.jspecify.annotations.NullMarked;
