package dev.bulwark.robust.train;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.util.List;

/**
 * How good a model is on the development data: the score that chooses the best epoch, and a loss.
 *
 * @param accuracy share classified right, or another score where higher is better
 * @param loss mean cross-entropy in nats
 */
public record Evaluation(double accuracy, double loss) {
  /** Evaluates a model as it is at the moment. */
  @FunctionalInterface
  public interface Evaluator {
    /** The score now. */
    Evaluation evaluate();
  }

  static Evaluation of(Predictor predictor, List<Example> examples) {
    float[][] p =
        predictor.predict(examples.stream().map(e -> new TextInput(e.text(), e.pair())).toList());
    int right = 0;
    double loss = 0;
    for (int i = 0; i < p.length; i++) {
      int label = examples.get(i).label();
      int best = 0;
      for (int c = 1; c < p[i].length; c++) {
        best = p[i][c] > p[i][best] ? c : best;
      }
      right += best == label ? 1 : 0;
      loss -= Math.log(Math.max(p[i][label], 1e-12));
    }
    return new Evaluation((double) right / p.length, loss / p.length);
  }
}
