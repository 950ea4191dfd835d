package dev.bulwark.robust.data;

import org.jspecify.annotations.Nullable;

/**
 * One row of a file, its label not yet turned into a class index.
 *
 * @param text the sentence, or the first one of a pair
 * @param pair the second sentence of a pair, or null
 * @param label the label as written, a class name or an integer; null if none was asked for
 * @param line the line on which the row begins, from 1
 */
public record Row(String text, @Nullable String pair, @Nullable String label, long line) {}
