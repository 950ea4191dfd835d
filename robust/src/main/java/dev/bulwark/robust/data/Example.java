package dev.bulwark.robust.data;

import org.jspecify.annotations.Nullable;

/**
 * One labelled input.
 *
 * @param text the sentence, or the premise of a pair
 * @param pair the second sentence of a pair (the hypothesis), or null for single sentences
 * @param label class index in [0, classes)
 */
public record Example(String text, @Nullable String pair, int label) {}
