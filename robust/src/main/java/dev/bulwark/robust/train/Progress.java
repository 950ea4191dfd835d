package dev.bulwark.robust.train;

/**
 * How far a run is: all there is to know beside parameters and moments, since randomness is
 * counter-based.
 *
 * @param step steps done
 * @param epoch epochs done
 * @param batch batches done of the epoch under way
 * @param lossSum sum of the losses of these batches
 * @param bestAccuracy best development accuracy so far, -1 before the first evaluation
 * @param epochsSinceBest epochs without a better one
 */
public record Progress(
    int step, int epoch, int batch, double lossSum, double bestAccuracy, int epochsSinceBest) {
  /** Nothing done. */
  public static final Progress START = new Progress(0, 0, 0, 0, -1, 0);
}
