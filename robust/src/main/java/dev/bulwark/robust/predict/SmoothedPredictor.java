package dev.bulwark.robust.predict;

import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.tensor.Rng;
import java.util.List;

/**
 * Predicts by the vote of noisy passes. The random numbers of a text come from a seed and a hash of
 * the text itself: asked again, alone or in other company, it gets the same answer, while another
 * text, such as one with a word changed, gets fresh noise.
 */
public final class SmoothedPredictor implements Predictor {
  private final TextRows rows;
  private final TwoStepVote vote;

  /**
   * A predictor.
   *
   * @param inputs makes the model's input of a text
   * @param vote the passes and how they are counted
   * @param seed of all noise
   */
  public SmoothedPredictor(InputEncoder inputs, TwoStepVote vote, long seed) {
    this.rows = new TextRows(inputs, Rng.seed(seed));
    this.vote = vote;
  }

  @Override
  public int classes() {
    return vote.model().model().classes();
  }

  @Override
  public float[][] predict(List<TextInput> texts) {
    float[][] all = new float[texts.size()][];
    for (int from = 0; from < all.length; from += TextRows.AT_ONCE) {
      int to = Math.min(all.length, from + TextRows.AT_ONCE);
      double[][] results = vote.predict(texts.subList(from, to).stream().map(rows::of).toList());
      for (int i = 0; i < results.length; i++) {
        all[from + i] = vote.vote().probabilities(results[i]);
      }
    }
    return all;
  }

  /**
   * Certifies the class of a text against noise in hidden states, see {@link Certificate}. The
   * masked tokens are chosen once; the passes differ in their noise only.
   *
   * @param text the text
   * @param choosing passes that choose the class, at least 1
   * @param counting further passes that estimate its probability, at least 1
   * @param error probability that the certificate is wrong, in (0, 1)
   * @return the certificate
   */
  public Certificate certify(TextInput text, int choosing, int counting, double error) {
    List<List<NoisyRow>> masked = vote.masked(List.of(rows.of(text)));
    int chosen = Vote.count(vote.passes(masked, "choosing", choosing)[0]).winner();
    int votes = Vote.count(vote.passes(masked, "counting", counting)[0]).votes()[chosen];
    return Certificate.of(chosen, votes, counting, error, vote.model().noise().sigma());
  }
}
