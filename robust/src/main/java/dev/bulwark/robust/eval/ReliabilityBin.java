package dev.bulwark.robust.eval;

import org.jspecify.annotations.Nullable;

/**
 * Predictions of similar confidence: a calibrated model is right as often as it is confident.
 *
 * @param low confidences above this
 * @param high and up to this
 * @param count predictions in the bin
 * @param confidence their mean confidence, null when there is none
 * @param accuracy share of them that is right, null when there is none
 */
public record ReliabilityBin(
    double low, double high, int count, @Nullable Double confidence, @Nullable Double accuracy) {}
