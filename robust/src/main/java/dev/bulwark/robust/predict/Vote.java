package dev.bulwark.robust.predict;

import java.util.Arrays;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * What several random passes over one text say together, and whether they agree (RSMI, Moon et al.,
 * ACL 2023).
 *
 * <p>With n passes for the winning class of K, p is the probability that X ~ Binomial(K, 1/2) is at
 * most n; the vote is decisive if p reaches a threshold. That is a demand for consensus, not a
 * level of significance: of 5 passes 3 give 0.8125, 4 give 0.96875 and 5 give 1.
 *
 * @param threshold of p, in [0, 1]
 * @param kind how logits become one row
 */
public record Vote(double threshold, Kind kind) {
  /** How the passes are put together. */
  public enum Kind {
    /** The mean of their logits. */
    AVG,
    /** 1 for the class with the most passes, 0 for the others. */
    MAX
  }

  /**
   * The count of a vote.
   *
   * @param votes passes for each class
   * @param winner the class with most of them, the first among equals
   * @param p probability that X ~ Binomial(passes, 1/2) is at most the votes of the winner
   */
  public record Count(int[] votes, int winner, double p) {
    /** Passes for the winner. */
    public int agreeing() {
      return votes[winner];
    }
  }

  /**
   * Counts passes.
   *
   * @param logits of each pass [K][C]
   * @return the count
   */
  public static Count count(double[][] logits) {
    int[] votes = new int[logits[0].length];
    for (double[] pass : logits) {
      votes[argMax(pass)]++;
    }
    int winner = 0;
    for (int c = 1; c < votes.length; c++) {
      winner = votes[c] > votes[winner] ? c : winner;
    }
    double p =
        new BinomialDistribution(null, logits.length, 0.5).cumulativeProbability(votes[winner]);
    return new Count(votes, winner, p);
  }

  /** Whether a count needs no second look. */
  public boolean isDecisive(Count count) {
    return count.p() >= threshold;
  }

  /**
   * Puts passes together.
   *
   * @param logits of each pass [K][C]
   * @return logits (AVG), or 1 for the winner (MAX)
   */
  public double[] result(double[][] logits) {
    double[] out = new double[logits[0].length];
    switch (kind) {
      case AVG -> {
        for (double[] pass : logits) {
          Arrays.setAll(out, c -> out[c] + pass[c] / logits.length);
        }
      }
      case MAX -> out[count(logits).winner()] = 1;
    }
    return out;
  }

  /**
   * Probabilities of a result: the softmax of mean logits; a vote's 0 and 1 stand as they are.
   *
   * @param result as {@link #result} answers it
   * @return C probabilities
   */
  public float[] probabilities(double[] result) {
    if (kind == Kind.AVG) {
      return softmax(result);
    }
    float[] p = new float[result.length];
    p[argMax(result)] = 1;
    return p;
  }

  /** Probabilities of logits. */
  static float[] softmax(double[] logits) {
    double top = Arrays.stream(logits).max().orElseThrow();
    double[] powers = Arrays.stream(logits).map(l -> Math.exp(l - top)).toArray();
    double sum = Arrays.stream(powers).sum();
    float[] p = new float[powers.length];
    for (int c = 0; c < p.length; c++) {
      p[c] = (float) (powers[c] / sum);
    }
    return p;
  }

  /** The class with the largest number, the first among equals. */
  public static int argMax(double[] row) {
    int best = 0;
    for (int c = 1; c < row.length; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }
}
