package dev.bulwark.robust.perturb;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;

/**
 * Replaces tokens at random by their synonyms (SAFER, Ye, Gong and Liu, ACL 2020).
 *
 * @param synonyms of tokens
 * @param probability that a token is drawn anew, uniformly from itself and its synonyms, in [0, 1]
 */
public record RandomSynonyms(TokenSynonyms synonyms, double probability) {
  /**
   * Checks the probability.
   *
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public RandomSynonyms {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability of a substitution must lie in [0, 1], but is " + probability);
    }
  }

  /**
   * A batch with some tokens replaced.
   *
   * @param batch the tokens; special ones have no synonyms
   * @param draws the random numbers
   * @param pass name of the pass, for "PASS.chance" and "PASS.choice"
   * @return a new batch of the same shape
   */
  public TokenBatch on(TokenBatch batch, Draws draws, String pass) {
    int[][] candidates = synonyms.candidates(batch);
    Shape each = Shape.of(candidates.length);
    float[] chance = draws.uniform(pass + ".chance", each, DType.F32, 0, 1).toFloats();
    float[] choice = draws.uniform(pass + ".choice", each, DType.F32, 0, 1).toFloats();
    int[] ids = batch.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      if (chance[i] < probability) {
        ids[i] = candidates[i][(int) ((double) choice[i] * candidates[i].length)];
      }
    }
    return new TokenBatch(batch.size(), batch.length(), ids, batch.types(), batch.mask());
  }
}
