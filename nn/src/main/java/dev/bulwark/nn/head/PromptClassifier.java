package dev.bulwark.nn.head;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.encoder.Encoder;

/**
 * A masked language model as a classifier: the score of a class is that of its label words where a
 * template has its mask (MVP, Raman et al., EMNLP 2023). Only the label words' rows of the decoder
 * are computed.
 */
public final class PromptClassifier extends ClassifierModel {
  private final MaskedLm model;
  private final LabelWords words;

  /**
   * A classifier.
   *
   * @param model the masked language model
   * @param words the classes as words of its vocabulary
   */
  public PromptClassifier(MaskedLm model, LabelWords words) {
    this.model = child(model);
    this.words = words;
  }

  @Override
  public Encoder encoder() {
    return model.encoder();
  }

  @Override
  public BertConfig config() {
    return model.config();
  }

  @Override
  public int classes() {
    return words.classes();
  }

  /** How words become classes. */
  public LabelWords words() {
    return words;
  }

  /** The masked language model. */
  public MaskedLm languageModel() {
    return model;
  }

  /**
   * Scores of the label words, not pooled.
   *
   * @param encoded R rows
   * @param focus position of the mask in each row
   * @return [R, N]
   */
  public Variable candidates(Encoded encoded, int[] focus) {
    return model.logits(encoded.at(focus), words.idTensor());
  }

  @Override
  public Variable logits(Context context, Encoded encoded, int[] focus) {
    return words.perExample(words.perClass(candidates(encoded, focus)));
  }
}
