package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Attention;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Views;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.layer.LayerNorm;
import dev.bulwark.nn.layer.Linear;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import org.jspecify.annotations.Nullable;

/** One layer: self-attention, then a feed-forward part; each added to its input and normalised. */
final class BertLayer extends Module {
  private final String name; // "layer.3"
  private final BertConfig config;
  private final String attentionPath;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear attentionOut;
  private final LayerNorm attentionNorm;
  private final Linear up;
  private final Linear down;
  private final LayerNorm norm;

  BertLayer(Source source, String name, BertConfig c) {
    this.name = name;
    config = c;
    int h = c.hiddenSize();
    Source self = source.under("attention").under("self");
    attentionPath = self.path();
    query = child(new Linear(self.under("query"), h, h));
    key = child(new Linear(self.under("key"), h, h));
    value = child(new Linear(self.under("value"), h, h));
    Source out = source.under("attention").under("output");
    attentionOut = child(new Linear(out.under("dense"), h, h));
    attentionNorm = child(new LayerNorm(out.under("LayerNorm"), h, c.layerNormEpsilon()));
    up = child(new Linear(source.under("intermediate").under("dense"), h, c.intermediateSize()));
    down = child(new Linear(source.under("output").under("dense"), c.intermediateSize(), h));
    norm = child(new LayerNorm(source.under("output").under("LayerNorm"), h, c.layerNormEpsilon()));
  }

  /** [T, H] to [T, H]. */
  Variable forward(Context context, Layout layout, Variable x) {
    Variable attended = attentionOut.forward(attend(context.named("attention"), layout, x));
    Variable y =
        attentionNorm.forward(Elementwise.add(drop(context, "attention.output", "a", attended), x));
    Variable fed = down.forward(config.activation().forward(up.forward(y)));
    return norm.forward(Elementwise.add(drop(context, "output", "b", fed), y));
  }

  private Variable attend(Context context, Layout layout, Variable x) {
    int tokens = x.dim(0);
    int heads = config.heads();
    int size = config.hiddenSize() / heads;
    AttentionSpec spec =
        new AttentionSpec(
            layout.offsets(),
            1 / Math.sqrt(size),
            context.dropout(config.attentionDropout()),
            context.rng());
    Variable q = Views.reshape(query.forward(x), tokens, heads, size);
    Variable k = Views.reshape(key.forward(x), tokens, heads, size);
    Variable v = Views.reshape(value.forward(x), tokens, heads, size);
    @Nullable Tensor keyBias = layout.keyBias(x.value().dtype()).orElse(null);
    @Nullable Tensor drawn = context.hook().attentionDropout(name + ".attention.self");
    Variable y =
        ModulePath.within(
            attentionPath,
            () ->
                drawn == null
                    ? Attention.attention(q, k, v, spec, keyBias)
                    : AttentionByParts.attention(q, k, v, spec.scale(), keyBias, drawn));
    return Views.reshape(y, tokens, config.hiddenSize());
  }

  private Variable drop(Context context, String place, String stream, Variable x) {
    return context.drop(name + "." + place, x, config.hiddenDropout(), context.rng().split(stream));
  }
}
