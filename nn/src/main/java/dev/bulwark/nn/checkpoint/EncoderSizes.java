package dev.bulwark.nn.checkpoint;

/** Works out a configuration for weights that come without a {@code config.json}. */
final class EncoderSizes {
  private static final int MOST_LAYERS = 1_000;

  private EncoderSizes() {}

  /** Width of a token's vector. */
  static int hidden(Weights encoder) {
    return matrix(encoder, "embeddings.word_embeddings.weight", 1);
  }

  /**
   * The configuration of a BERT encoder, its sizes read off the shapes of its weights.
   *
   * @param encoder the weights, named from {@code embeddings} and {@code encoder} on
   * @param heads attention heads, which no shape tells
   */
  static Config config(Weights encoder, int heads) {
    int layers = 0;
    while (layers < MOST_LAYERS
        && encoder.has("encoder.layer." + layers + ".intermediate.dense.weight")) {
      layers++;
    }
    return Config.bert(
        Math.max(layers, 1), // a file without layers is refused with the name of the first one
        hidden(encoder),
        heads,
        matrix(encoder, "encoder.layer.0.intermediate.dense.weight", 0),
        matrix(encoder, "embeddings.word_embeddings.weight", 0),
        matrix(encoder, "embeddings.position_embeddings.weight", 0),
        matrix(encoder, "embeddings.token_type_embeddings.weight", 0));
  }

  private static int matrix(Weights encoder, String name, int axis) {
    var shape = encoder.shape(name);
    if (shape.rank() != 2) {
      throw new CheckpointException(
          "the tensor '" + name + "' should be a matrix but has shape " + shape);
    }
    return shape.dim(axis);
  }
}
