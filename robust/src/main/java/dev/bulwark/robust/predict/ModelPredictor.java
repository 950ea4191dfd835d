package dev.bulwark.robust.predict;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Truncation;
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

  private final Classifier classifier;
  private final EncodeOptions options;

  /**
   * A predictor.
   *
   * @param classifier model and tokenizer
   * @param maxLength longest sequence in tokens, at least 3; longer texts are cut
   */
  public ModelPredictor(Classifier classifier, int maxLength) {
    if (maxLength < 3) {
      throw new IllegalArgumentException("max-length is " + maxLength + "; it must be at least 3");
    }
    this.classifier = classifier;
    this.options =
        new EncodeOptions(
            Math.min(maxLength, classifier.model().config().maxPositions()),
            Truncation.LONGEST_FIRST,
            true);
  }

  @Override
  public int classes() {
    return classifier.model().classes();
  }

  @Override
  public float[][] predict(List<TextInput> texts) {
    List<Encoding> encodings =
        texts.stream()
            .map(t -> classifier.tokenizer().encode(t.text(), t.pair(), options))
            .toList();
    float[][] rows = new float[texts.size()][];
    for (int[] batch : LengthBatches.of(encodings, TOKENS_PER_BATCH)) {
      float[] p = run(Arrays.stream(batch).mapToObj(encodings::get).toList());
      for (int i = 0; i < batch.length; i++) {
        rows[batch[i]] = Arrays.copyOfRange(p, i * classes(), (i + 1) * classes());
      }
    }
    return rows;
  }

  private float[] run(List<Encoding> encodings) {
    TokenBatch batch = TokenBatch.of(encodings, classifier.tokenizer().padId());
    return Scope.call(
        "predict",
        () ->
            NoGrad.call(() -> {
              Tensor logits = classifier.model().logits(Context.inference(), batch).value();
              Tensor p = Tensor.empty(logits.shape(), logits.dtype(), logits.backend());
              p.kernels().softmax(logits, p);
              return p.toFloats();
            }));
  }
}
