package dev.bulwark.robust.predict;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.ClassifierModel;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts with a fine-tuned model. Texts are sorted by length and run in batches of about the same
 * number of tokens; a text's result does not depend on its batch.
 */
public final class ModelPredictor implements Predictor {
  private static final int TOKENS_PER_BATCH = 2048;

  private final ClassifierModel model;
  private final InputEncoder inputs;

  /**
   * A predictor.
   *
   * @param classifier model and tokenizer
   * @param maxLength longest sequence in tokens, at least 3; longer texts are cut
   */
  public ModelPredictor(Classifier classifier, int maxLength) {
    this.model = classifier.model();
    this.inputs = classifier.inputs(maxLength);
  }

  @Override
  public int classes() {
    return model.classes();
  }

  @Override
  public float[][] predict(List<TextInput> texts) {
    List<List<InputRow>> inputRows =
        texts.stream().map(t -> inputs.rows(t.text(), t.pair())).toList();
    int[] tokens =
        inputRows.stream()
            .mapToInt(r -> r.size() * r.stream().mapToInt(InputRow::length).max().orElseThrow())
            .toArray();
    float[][] rows = new float[texts.size()][];
    for (int[] batch : LengthBatches.of(tokens, TOKENS_PER_BATCH)) {
      float[] p =
          run(Arrays.stream(batch).boxed().flatMap(i -> inputRows.get(i).stream()).toList());
      for (int i = 0; i < batch.length; i++) {
        rows[batch[i]] = Arrays.copyOfRange(p, i * classes(), (i + 1) * classes());
      }
    }
    return rows;
  }

  private float[] run(List<InputRow> rows) {
    Batch batch = Batch.of(rows, inputs.padId(), new int[0]);
    return Scope.call(
        "predict",
        () ->
            NoGrad.call(() -> {
              Context c = Context.inference();
              Encoded encoded =
                  model.encoder().encode(c, model.encoder().embed(batch.tokens()), batch.tokens());
              Tensor logits = model.logits(c, encoded, batch.focus()).value();
              Tensor p = Tensor.empty(logits.shape(), logits.dtype(), logits.backend());
              p.kernels().softmax(logits, p);
              return p.toFloats();
            }));
  }
}
