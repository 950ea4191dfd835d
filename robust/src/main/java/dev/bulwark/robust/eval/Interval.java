package dev.bulwark.robust.eval;

/**
 * A range of values.
 *
 * @param low lower end
 * @param high upper end, not below the lower one
 */
public record Interval(double low, double high) {}
