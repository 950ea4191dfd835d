package dev.bulwark.robust.eval;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.util.List;
import java.util.function.IntConsumer;

/** Asks a predictor about examples. */
public final class Evaluator {
  /** Texts of one call: enough to sort by length and fill batches, few enough to show progress. */
  private static final int CHUNK = 512;

  private Evaluator() {}

  /**
   * Class probabilities of every example.
   *
   * @param predictor the model
   * @param examples any number, N
   * @param progress told how many examples are done, after each chunk
   * @return probabilities in order, [N][C]
   */
  public static float[][] probabilities(
      Predictor predictor, List<Example> examples, IntConsumer progress) {
    float[][] all = new float[examples.size()][];
    for (int from = 0; from < all.length; from += CHUNK) {
      int to = Math.min(all.length, from + CHUNK);
      List<TextInput> texts =
          examples.subList(from, to).stream().map(e -> new TextInput(e.text(), e.pair())).toList();
      System.arraycopy(predictor.predict(texts), 0, all, from, to - from);
      progress.accept(to);
    }
    return all;
  }

  /**
   * Metrics on labelled examples.
   *
   * @param predictor the model
   * @param classNames names of its classes, [C]
   * @param examples any number
   * @return the metrics
   */
  public static ClassificationMetrics evaluate(
      Predictor predictor, List<String> classNames, List<Example> examples) {
    return ClassificationMetrics.of(
        classNames, labels(examples), probabilities(predictor, examples, done -> {}));
  }

  /**
   * The gold classes.
   *
   * @param examples any number, N
   * @return their labels, [N]
   */
  public static int[] labels(List<Example> examples) {
    return examples.stream().mapToInt(Example::label).toArray();
  }
}
