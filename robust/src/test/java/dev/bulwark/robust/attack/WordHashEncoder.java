package dev.bulwark.robust.attack;

import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.util.List;
import java.util.Locale;

/** Embeds a text as the sum of a random vector for each of its words. */
public final class WordHashEncoder implements SentenceEncoder {
  private static final int DIMENSION = 64;

  @Override
  public float[][] encode(List<String> texts) {
    return texts.stream().map(WordHashEncoder::embed).toArray(float[][]::new);
  }

  private static float[] embed(String text) {
    AttackedText words = AttackedText.of(new TextInput(text, null));
    float[] sum = new float[DIMENSION];
    for (int i = 0; i < words.size(); i++) {
      Rng rng = Rng.seed(1).split(words.word(i).toLowerCase(Locale.ROOT));
      for (int d = 0; d < DIMENSION; d++) {
        sum[d] += rng.uniform(d) - 0.5f;
      }
    }
    double squares = 1e-12;
    for (float x : sum) {
      squares += (double) x * x;
    }
    for (int d = 0; d < DIMENSION; d++) {
      sum[d] /= (float) Math.sqrt(squares);
    }
    return sum;
  }
}
