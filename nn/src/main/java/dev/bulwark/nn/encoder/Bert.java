package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.layer.Embedding;
import java.util.ArrayList;
import java.util.List;

/** BERT (Devlin et al. 2019): embeddings and a stack of layers, each normalised after the sum. */
public final class Bert extends Module implements Encoder {
  private final BertConfig config;
  private final Embedding words;
  private final BertEmbeddings embeddings;
  private final List<BertLayer> layers = new ArrayList<>();

  /**
   * Takes the parameters of "embeddings" and "encoder" from a source.
   *
   * @param source where they come from, already under "bert" if the checkpoint is
   * @param config sizes and rates
   */
  public Bert(Source source, BertConfig config) {
    this.config = config;
    Source below = source.under("embeddings");
    words =
        child(
            new Embedding(
                below.under("word_embeddings"),
                config.vocabSize(),
                config.hiddenSize(),
                config.padId()));
    embeddings = child(new BertEmbeddings(below, config));
    for (int i = 0; i < config.layers(); i++) {
      String name = "layer." + i;
      layers.add(child(new BertLayer(source.under("encoder").under(name), name, config)));
    }
  }

  @Override
  public Variable embed(TokenBatch batch) {
    for (int id : batch.ids()) {
      if (id < 0 || id >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token id "
                + id
                + " is outside the model's vocabulary of "
                + config.vocabSize()
                + "; model and tokenizer do not belong together");
      }
    }
    return words.forward(batch.idTensor());
  }

  @Override
  public Variable embeddings(Context context, Variable vectors, TokenBatch batch) {
    if (batch.length() > config.maxPositions()) {
      throw new IllegalArgumentException(
          "a sequence of "
              + batch.length()
              + " tokens is longer than the model's "
              + config.maxPositions()
              + " positions; truncate it");
    }
    Layout layout = new Layout(batch, context.padding());
    return embeddings.forward(context.named("embeddings"), layout, vectors, batch);
  }

  @Override
  public Encoded layers(Context context, Variable embedded, TokenBatch batch) {
    Layout layout = new Layout(batch, context.padding());
    Variable x = context.hook().after("embeddings", embedded);
    List<Variable> states = new ArrayList<>(List.of(x));
    for (int i = 0; i < layers.size(); i++) {
      String name = "layer." + i;
      x = layers.get(i).forward(context.named(name), layout, x);
      x = context.hook().after(name, x);
      states.add(x);
    }
    return new Encoded(layout, states);
  }

  @Override
  public int hiddenSize() {
    return config.hiddenSize();
  }

  /** Sizes and rates. */
  public BertConfig config() {
    return config;
  }

  /** The word table [V, H], for a tied decoder. */
  public Parameter wordTable() {
    return words.weight();
  }
}
