package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.layer.Linear;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * An encoder with a head that finds the two ends of a span (BertForQuestionAnswering). The classes
 * are the S positions: logits are [2B, S], the starts of all rows and then their ends, so that the
 * mean cross-entropy of 2B labels is the mean of both ends' losses.
 */
public final class SpanModel extends ClassifierModel {
  /** Added to the logits of padding: no probability is left, and sums of two stay finite. */
  private static final double NOWHERE = -1e9;

  private final Bert encoder;
  private final Linear ends;

  /**
   * Takes "bert" and "qa_outputs" from a source. A head that the checkpoint lacks is new.
   *
   * @param source where the parameters come from, in Hugging Face names
   * @param config sizes and rates of the encoder
   */
  public SpanModel(Source source, BertConfig config) {
    Source head = source.under("qa_outputs");
    encoder = child(new Bert(source.under("bert"), config));
    ends = child(new Linear(head.has("weight") ? head : head.fresh(), config.hiddenSize(), 2));
  }

  @Override
  public Encoder encoder() {
    return encoder;
  }

  @Override
  public BertConfig config() {
    return encoder.config();
  }

  /** 2, the ends of a span; the number of positions differs from batch to batch. */
  @Override
  public int classes() {
    return 2;
  }

  /**
   * Scores of all positions.
   *
   * @param context training or inference
   * @param encoded what the encoder made of the rows
   * @param focus not looked at: the head reads every token
   * @return [2B, S], starts then ends; very low at padding
   */
  @Override
  public Variable logits(Context context, Encoded encoded, int[] focus) {
    Variable scores = Views.permute(ends.forward(encoded.last()), 2, 0, 1);
    int rows = scores.dim(1);
    int length = scores.dim(2);
    double[] bias = IntStream.of(encoded.mask()).mapToDouble(m -> m == 0 ? NOWHERE : 0).toArray();
    Tensor nowhere = Tensor.of(Shape.of(1, rows, length), bias).cast(scores.value().dtype());
    return Views.reshape(scores.plus(Variable.constant(nowhere)), 2 * rows, length);
  }
}
