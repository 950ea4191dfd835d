package dev.bulwark.robust.objective.information;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens that InfoBERT anchors: those whose loss gradient is neither small, and so of no use,
 * nor very large, and so fragile (Wang et al. 2021).
 *
 * @param sequences of each token, the sequence it stands in
 * @param positions of each token, its position there
 */
public record AnchoredTokens(int[] sequences, int[] positions) {
  private record Token(int sequence, int position) {}

  /**
   * Chooses a window of the tokens of each sequence, ranked by the Euclidean norm of their
   * gradients: from rank ceil(n low) up to but not including rank ceil(n high).
   *
   * @param gradient of the loss with respect to the word vectors [B, S, H]
   * @param tokens the batch; all n real tokens of a sequence take part
   * @param low share of the smallest gradients left out, in [0, 1]
   * @param high share up to which tokens are taken, in [0, 1]
   * @return sequence by sequence, in ascending order of norm
   */
  public static AnchoredTokens select(Tensor gradient, TokenBatch tokens, double low, double high) {
    double[] g = gradient.toDoubles();
    int hidden = gradient.dim(-1);
    int length = tokens.length();
    List<Token> chosen = new ArrayList<>();
    for (int b = 0; b < tokens.size(); b++) {
      int first = b * length;
      double[] norms = new double[length];
      for (int s = 0; s < length; s++) {
        norms[s] = norm(g, (first + s) * hidden, hidden);
      }
      int[] ranked =
          IntStream.range(0, length)
              .filter(s -> tokens.mask()[first + s] != 0)
              .boxed()
              .sorted(Comparator.comparingDouble(s -> norms[s]))
              .mapToInt(s -> s)
              .toArray();
      int from = (int) Math.ceil(ranked.length * low);
      int to = (int) Math.ceil(ranked.length * high);
      for (int rank = from; rank < to; rank++) {
        chosen.add(new Token(b, ranked[rank]));
      }
    }
    return new AnchoredTokens(
        chosen.stream().mapToInt(Token::sequence).toArray(),
        chosen.stream().mapToInt(Token::position).toArray());
  }

  private static double norm(double[] g, int from, int size) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += g[i] * g[i];
    }
    return Math.sqrt(sum);
  }

  /** How many tokens were chosen. */
  public int size() {
    return positions.length;
  }
}
