package dev.bulwark.robust.eval;

/**
 * How well one class is recognised; a quotient whose divisor is 0 counts as 0.
 *
 * @param name the class
 * @param support examples of this class
 * @param predicted examples taken for this class
 * @param precision share of the predicted ones that are right
 * @param recall share of the supported ones that are found
 * @param f1 harmonic mean of the two
 */
public record ClassScore(
    String name, int support, int predicted, double precision, double recall, double f1) {}
