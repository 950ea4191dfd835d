package dev.bulwark.robust.predict;

import org.jspecify.annotations.Nullable;

/**
 * What a predictor reads.
 *
 * @param text the sentence, or the premise of a pair
 * @param pair the second sentence of a pair, or null
 */
public record TextInput(String text, @Nullable String pair) {}
