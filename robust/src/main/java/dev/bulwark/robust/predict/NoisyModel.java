package dev.bulwark.robust.predict;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.perturb.CandidateRule;
import dev.bulwark.robust.perturb.LayerNoise;
import dev.bulwark.robust.perturb.Saliency;
import dev.bulwark.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model in evaluation mode with noise between its layers. An input is a list of rows, as many as
 * the model reads for one text; any number of inputs share a batch, and none notices the others.
 *
 * @param model the model
 * @param padId the padding token
 * @param noise between its layers
 */
public record NoisyModel(ClassifierModel model, int padId, LayerNoise noise) {
  private static final int TOKENS_PER_BATCH = 2048;

  /**
   * Logits of inputs.
   *
   * @param inputs rows of each
   * @return [inputs][C]
   */
  public double[][] logits(List<List<NoisyRow>> inputs) {
    double[][] all = new double[inputs.size()][];
    inBatches(
        inputs,
        numbers -> {
          List<NoisyRow> rows = rows(inputs, numbers);
          Batch batch = batch(rows);
          double[] logits =
              NoGrad.call(() -> {
                Context c = context(rows);
                Encoded encoded =
                    model
                        .encoder()
                        .encode(c, model.encoder().embed(batch.tokens()), batch.tokens());
                return model.logits(c, encoded, batch.focus()).value().toDoubles();
              });
          int classes = model.classes();
          for (int i = 0; i < numbers.length; i++) {
            all[numbers[i]] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
          }
        });
    return all;
  }

  /**
   * Salient tokens of inputs, for the loss against the class that the noisy model predicts.
   *
   * @param inputs rows of each
   * @param rule which tokens count
   * @return of each row of each input, positions in falling saliency
   */
  public int[][][] candidates(List<List<NoisyRow>> inputs, CandidateRule rule) {
    int[][][] all = new int[inputs.size()][][];
    inBatches(
        inputs,
        numbers -> {
          List<NoisyRow> rows = rows(inputs, numbers);
          Batch batch = batch(rows);
          int[][] found =
              Saliency.ofPrediction(model, batch, context(rows)).candidates(batch.tokens(), rule);
          int at = 0;
          for (int number : numbers) {
            int size = inputs.get(number).size();
            all[number] = Arrays.copyOfRange(found, at, at + size);
            at += size;
          }
        });
    return all;
  }

  private static void inBatches(List<List<NoisyRow>> inputs, Consumer<int[]> body) {
    int[] tokens =
        inputs.stream()
            .mapToInt(input -> input.stream().mapToInt(r -> r.row().length()).sum())
            .toArray();
    for (int[] numbers : LengthBatches.of(tokens, TOKENS_PER_BATCH)) {
      Scope.run("predict", () -> body.accept(numbers));
    }
  }

  private static List<NoisyRow> rows(List<List<NoisyRow>> inputs, int[] numbers) {
    List<NoisyRow> rows = new ArrayList<>();
    for (int number : numbers) {
      rows.addAll(inputs.get(number));
    }
    return rows;
  }

  private Batch batch(List<NoisyRow> rows) {
    return Batch.of(rows.stream().map(NoisyRow::row).toList(), padId, new int[0]);
  }

  private Context context(List<NoisyRow> rows) {
    return Context.inference()
        .withHook(
            noise.hook(
                rows.stream().map(NoisyRow::draws).toList(),
                rows.stream().map(NoisyRow::pass).toList(),
                rows.stream().map(NoisyRow::row).mapToInt(InputRow::length).toArray()));
  }
}
