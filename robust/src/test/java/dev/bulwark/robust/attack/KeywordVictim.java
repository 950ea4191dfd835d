package dev.bulwark.robust.attack;

import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A classifier that adds up weights of words: class 1 is likely when the sum is positive. */
public class KeywordVictim implements Predictor {
  private final Map<String, Double> weights;
  public final List<Integer> batchSizes = new ArrayList<>();
  public final List<TextInput> seen = new ArrayList<>();
  public final Set<Thread> callers = ConcurrentHashMap.newKeySet();

  public KeywordVictim(Map<String, Double> weights) {
    this.weights = weights;
  }

  @Override
  public int classes() {
    return 2;
  }

  @Override
  public float[][] predict(List<TextInput> texts) {
    batchSizes.add(texts.size());
    seen.addAll(texts);
    callers.add(Thread.currentThread());
    return texts.stream().map(this::probabilities).toArray(float[][]::new);
  }

  private float[] probabilities(TextInput input) {
    AttackedText text = AttackedText.of(input);
    double sum = 0;
    for (int i = 0; i < text.size(); i++) {
      sum += weights.getOrDefault(text.word(i).toLowerCase(Locale.ROOT), 0.0);
    }
    float positive = (float) (1 / (1 + Math.exp(-sum)));
    return new float[] {1 - positive, positive};
  }
}
