package dev.bulwark.nn.encoder;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What an encoder makes of a batch. */
public final class Encoded {
  private final Layout layout;
  private final List<Variable> states; // packed [T, H]: embedding output, then each layer

  Encoded(Layout layout, List<Variable> states) {
    this.layout = layout;
    this.states = List.copyOf(states);
  }

  /** B, the number of sequences. */
  public int size() {
    return layout.size();
  }

  /** 1 for real tokens and 0 for padding, row-major [B, S]. */
  public int[] mask() {
    return layout.mask();
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
    return at(new int[size()]);
  }

  /**
   * The last hidden state of one token of each sequence.
   *
   * @param positions of the token in each of the B sequences; each must be a real token
   * @return [B, H]
   */
  public Variable at(int[] positions) {
    return at(-1, IntStream.range(0, positions.length).toArray(), positions);
  }

  /**
   * A hidden state of chosen tokens.
   *
   * @param layer as for {@link #hidden}
   * @param sequences of each chosen token, the sequence it stands in
   * @param positions of each chosen token, its position there; each must be a real token
   * @return [M, H] for M chosen tokens
   */
  public Variable at(int layer, int[] sequences, int[] positions) {
    int[] rows = new int[positions.length];
    Arrays.setAll(rows, i -> layout.row(sequences[i], positions[i]));
    return Indexing.gatherRows(tokens(layer), Tensor.of(Shape.of(rows.length), rows));
  }
}
