package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import java.util.List;

/** What an encoder makes of a batch. */
public final class Encoded {
  private final Variable embeddings;
  private final Layout layout;
  private final List<Variable> states; // packed [T, H]: embedding output, then each layer

  Encoded(Variable embeddings, Layout layout, List<Variable> states) {
    this.embeddings = embeddings;
    this.layout = layout;
    this.states = List.copyOf(states);
  }

  /** The word vectors that went in, [B, S, H]. */
  public Variable embeddings() {
    return embeddings;
  }

  /** Number of layers. */
  public int layers() {
    return states.size() - 1;
  }

  /**
   * A hidden state.
   *
   * @param layer 0 for the output of the embeddings, i for that of layer i - 1 (as "hidden_states"
   *     of transformers); negative counts from the end
   * @return [B, S, H]; zeros at padding when packed
   */
  public Variable hidden(int layer) {
    return layout.unpack(tokens(layer));
  }

  /**
   * A hidden state of the computed tokens only.
   *
   * @param layer as for {@link #hidden}
   * @return [T, H]
   */
  public Variable tokens(int layer) {
    return states.get(layer < 0 ? states.size() + layer : layer);
  }

  /** The last hidden state, [B, S, H]. */
  public Variable last() {
    return hidden(-1);
  }

  /** The last hidden state of each first token ([CLS]), [B, H]. */
  public Variable first() {
    return layout.first(tokens(-1));
  }
}
