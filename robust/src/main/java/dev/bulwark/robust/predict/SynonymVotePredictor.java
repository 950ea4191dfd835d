package dev.bulwark.robust.predict;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.RandomSynonyms;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts by passes over copies of a text with words replaced at random by synonyms (SAFER, Ye,
 * Gong and Liu, ACL 2020). A text's random numbers come from a seed and a hash of the text, so its
 * result does not depend on its company and is the same each time.
 */
public final class SynonymVotePredictor implements Predictor {
  private final NoisyModel model;
  private final RandomSynonyms synonyms;
  private final TextRows rows;
  private final int passes;
  private final boolean majority;

  /**
   * A predictor.
   *
   * @param classifier the model
   * @param maxLength longest sequence in tokens, at least 3
   * @param synonyms replaces words
   * @param passes copies of a text, at least 1
   * @param majority whether a class's probability is its share of the passes; else their mean
   * @param seed of the replacements
   */
  public SynonymVotePredictor(
      Classifier classifier,
      int maxLength,
      RandomSynonyms synonyms,
      int passes,
      boolean majority,
      long seed) {
    InputEncoder inputs = classifier.inputs(maxLength);
    this.model = new NoisyModel(classifier.model(), inputs.padId(), new LayerNoise(0, 1));
    this.synonyms = synonyms;
    this.rows = new TextRows(inputs, Rng.seed(seed));
    this.passes = passes;
    this.majority = majority;
  }

  @Override
  public int classes() {
    return model.model().classes();
  }

  @Override
  public float[][] predict(List<TextInput> texts) {
    float[][] all = new float[texts.size()][];
    for (int from = 0; from < all.length; from += TextRows.AT_ONCE) {
      List<TextInput> some = texts.subList(from, Math.min(all.length, from + TextRows.AT_ONCE));
      List<List<NoisyRow>> copies =
          Scope.call("substitute", () -> some.stream().flatMap(t -> copies(t).stream()).toList());
      double[][] logits = model.logits(copies);
      for (int i = 0; i < some.size(); i++) {
        all[from + i] = mean(logits, i * passes);
      }
    }
    return all;
  }

  private List<List<NoisyRow>> copies(TextInput text) {
    List<NoisyRow> original = rows.of(text);
    List<List<NoisyRow>> copies = new ArrayList<>();
    for (int k = 0; k < passes; k++) {
      String pass = "pass." + k;
      copies.add(original.stream().map(row -> row.with(substituted(row, pass))).toList());
    }
    return copies;
  }

  private InputRow substituted(NoisyRow row, String pass) {
    TokenBatch alone = Batch.of(List.of(row.row()), model.padId(), new int[0]).tokens();
    int[] ids = synonyms.on(alone, row.draws(), pass).ids();
    return new InputRow(ids, row.row().types(), row.row().focus());
  }

  /** Mean probabilities, or shares of votes, of a text's passes. */
  private float[] mean(double[][] logits, int from) {
    double[] sum = new double[classes()];
    for (int k = from; k < from + passes; k++) {
      if (majority) {
        sum[Vote.argMax(logits[k])]++;
      } else {
        float[] p = Vote.softmax(logits[k]);
        for (int c = 0; c < sum.length; c++) {
          sum[c] += p[c];
        }
      }
    }
    float[] mean = new float[sum.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) (sum[c] / passes);
    }
    return mean;
  }
}
