package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.layer.Embedding;
import dev.bulwark.nn.layer.LayerNorm;

/** Adds positions and segments to word vectors, normalises, drops out. */
final class BertEmbeddings extends Module {
  private final Embedding positions;
  private final Embedding types;
  private final LayerNorm norm;
  private final double dropout;

  BertEmbeddings(Source source, BertConfig c) {
    int h = c.hiddenSize();
    positions =
        child(
            new Embedding(
                source.under("position_embeddings"), c.maxPositions(), h, Embedding.NO_PADDING));
    types =
        child(
            new Embedding(
                source.under("token_type_embeddings"), c.typeVocabSize(), h, Embedding.NO_PADDING));
    norm = child(new LayerNorm(source.under("LayerNorm"), h, c.layerNormEpsilon()));
    dropout = c.hiddenDropout();
  }

  /** Word vectors [B, S, H] to the input of the first layer [T, H]. */
  Variable forward(Context context, Layout layout, Variable words, TokenBatch batch) {
    Variable x = layout.pack(words);
    x = Elementwise.add(x, types.forward(layout.pick(batch.types())));
    x = Elementwise.add(x, positions.forward(layout.positions()));
    return context.drop("embeddings", norm.forward(x), dropout, context.rng());
  }
}
