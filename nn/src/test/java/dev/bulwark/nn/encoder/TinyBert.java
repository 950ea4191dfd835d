package dev.bulwark.nn.encoder;

import dev.bulwark.nn.Golden;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Weights;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.layer.Activation;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;

/** The two-layer models of the golden files. */
public final class TinyBert {
  private static final BertConfig CONFIG =
      new BertConfig(61, 24, 2, 4, 36, Activation.GELU, 0, 0, 20, 2, 1e-12, 0);

  private TinyBert() {}

  /** The classifier with three classes. */
  public static SequenceClassifier classifier(DType dtype) {
    return new SequenceClassifier(source("tiny-cls-weights", dtype), CONFIG, 3, 0);
  }

  /** The classifier with dropout. */
  public static SequenceClassifier classifier(DType dtype, double dropout) {
    return new SequenceClassifier(
        source("tiny-cls-weights", dtype), CONFIG.withDropout(dropout, dropout), 3, dropout);
  }

  static MaskedLm maskedLm(DType dtype) {
    return new MaskedLm(source("tiny-mlm-weights", dtype), CONFIG);
  }

  private static Source source(String file, DType dtype) {
    return Source.of(Weights.of(file, Golden.tensors(file).all()), dtype, Rng.seed(0));
  }
}
