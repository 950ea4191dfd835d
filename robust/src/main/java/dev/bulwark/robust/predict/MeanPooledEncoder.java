package dev.bulwark.robust.predict;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Sentence vectors as all-MiniLM-L6-v2 makes them: the mean of the last hidden states over all
 * tokens, divided by its length.
 */
public final class MeanPooledEncoder implements SentenceEncoder {
  private static final int TOKENS_PER_BATCH = 2048;
  private static final int MAX_LENGTH = 256;

  private final Bert encoder;
  private final Tokenizer tokenizer;

  /**
   * Opens an encoder.
   *
   * @param checkpoint a sentence-embedding model, such as all-MiniLM-L6-v2
   * @throws IOException if it cannot be read
   */
  public MeanPooledEncoder(Checkpoint checkpoint) throws IOException {
    Source source = Source.of(checkpoint.encoder(), DType.F32, Rng.seed(0));
    encoder = new Bert(source, BertConfig.of(checkpoint.config()));
    tokenizer = checkpoint.tokenizer();
  }

  @Override
  public float[][] encode(List<String> texts) {
    EncodeOptions options = EncodeOptions.of(Math.min(MAX_LENGTH, encoder.config().maxPositions()));
    List<Encoding> encodings = texts.stream().map(t -> tokenizer.encode(t, null, options)).toList();
    float[][] vectors = new float[texts.size()][];
    for (int[] batch :
        LengthBatches.of(
            encodings.stream().mapToInt(Encoding::length).toArray(), TOKENS_PER_BATCH)) {
      List<Encoding> rows = Arrays.stream(batch).mapToObj(encodings::get).toList();
      float[] states = lastStates(rows);
      int length = rows.getFirst().length();
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = unitMean(states, i * length, rows.get(i).length());
      }
    }
    return vectors;
  }

  private float[] lastStates(List<Encoding> encodings) {
    TokenBatch batch = TokenBatch.of(encodings, tokenizer.padId());
    return Scope.call(
        "encode",
        () ->
            NoGrad.call(() ->
                encoder
                    .encode(Context.inference(), encoder.embed(batch), batch)
                    .last()
                    .value()
                    .toFloats()));
  }

  private float[] unitMean(float[] states, int firstRow, int rows) {
    int size = encoder.hiddenSize();
    double[] sum = new double[size];
    for (int r = firstRow; r < firstRow + rows; r++) {
      for (int j = 0; j < size; j++) {
        sum[j] += states[r * size + j];
      }
    }
    double norm = Math.sqrt(Arrays.stream(sum).map(v -> v * v).sum());
    float[] unit = new float[size];
    for (int j = 0; j < size; j++) {
      unit[j] = (float) (sum[j] / Math.max(norm, 1e-12));
    }
    return unit;
  }
}
