package dev.bulwark.robust.golden;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import dev.bulwark.robust.attack.WeightedSaliency;
import dev.bulwark.robust.attack.WordChange;
import dev.bulwark.robust.eval.AnomalyDetection;
import dev.bulwark.robust.eval.AttackSummary;
import dev.bulwark.robust.eval.Calibration;
import dev.bulwark.robust.eval.Confidence;
import dev.bulwark.robust.eval.HeadlineMeans;
import dev.bulwark.robust.eval.ReliabilityBin;
import dev.bulwark.robust.eval.TemperatureFolds;
import dev.bulwark.robust.eval.TemperatureFolds.Divisor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Golden cases of metrics, reports and searches. They compute in double, whatever is asked. */
final class EvaluationKinds {
  private EvaluationKinds() {}

  static Map<String, GoldenKind> all() {
    return Map.of(
        "ece", EvaluationKinds::calibrationError,
        "anomaly_detection", EvaluationKinds::anomalyDetection,
        "roast.aggregate", EvaluationKinds::headlineMeans,
        "rsmi.attack_summary", EvaluationKinds::attackSummary,
        "pwws", EvaluationKinds::pwws);
  }

  private static double[] doubles(GoldenCase c, String name) {
    return Objects.requireNonNull(c.inputs().get(name), name).toDoubles();
  }

  private static double[][] rows(GoldenCase c, String name) {
    Shape shape = c.shape(name);
    double[] all = doubles(c, name);
    int width = shape.dim(1);
    return IntStream.range(0, shape.dim(0))
        .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
        .toArray(double[][]::new);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }

  private static void calibrationError(GoldenCase c, GoldenResults to) {
    double[][] logits = rows(c, "logits");
    int[] labels = c.ints("labels");
    Calibration plain = TemperatureFolds.calibration(logits, labels, 1);
    to.put("ece", plain.error());
    to.put("bin_count", plain.bins().stream().mapToInt(ReliabilityBin::count).toArray());
    to.put(
        "bin_confidence", plain.bins().stream().mapToDouble(b -> orZero(b.confidence())).toArray());
    to.put("bin_accuracy", plain.bins().stream().mapToDouble(b -> orZero(b.accuracy())).toArray());
    to.put(
        "ece_per_temperature",
        TemperatureFolds.TEMPERATURES.stream()
            .mapToDouble(t -> TemperatureFolds.calibration(logits, labels, t).error())
            .toArray());
    int[] order = c.ints("permutation");
    TemperatureFolds folds = TemperatureFolds.of(logits, labels, order, Divisor.PAPER);
    to.put("picked", folds.picked().stream().mapToInt(Integer::intValue).toArray());
    to.put("fold_ece", array(folds.foldErrors()));
    to.put("ece_folds", folds.error());
    TemperatureFolds released = TemperatureFolds.of(logits, labels, order, Divisor.RELEASED);
    to.put("fold_ece_released", array(released.foldErrors()));
    to.put("ece_folds_released", released.error());
  }

  private static void anomalyDetection(GoldenCase c, GoldenResults to) {
    boolean ties = c.json().toString().contains("rounded to multiples of 0.05");
    double[] in = Confidence.anomalyScores(rows(c, "logits_in"));
    double[] out = Confidence.anomalyScores(rows(c, "logits_out"));
    if (ties) {
      in = rounded(in);
      out = rounded(out);
    }
    to.put("score_in", in);
    to.put("score_out", out);
    AnomalyDetection found = AnomalyDetection.of(in, out);
    to.put("auroc", found.auroc());
    to.put("aupr", found.averagePrecision());
    to.put("fpr95", found.falsePositiveRate());
  }

  private static double[] rounded(double[] scores) {
    return DoubleStream.of(scores).map(s -> Math.rint(s * 20) / 20).toArray();
  }

  private static void headlineMeans(GoldenCase c, GoldenResults to) {
    List<Double> accuracy = DoubleStream.of(doubles(c, "accuracy")).boxed().toList();
    int like = c.param("in_distribution").size();
    HeadlineMeans means =
        HeadlineMeans.of(
            accuracy.subList(0, like),
            accuracy.subList(like, accuracy.size()),
            DoubleStream.of(doubles(c, "adversarial_accuracy")).boxed().toList(),
            DoubleStream.of(doubles(c, "ece")).boxed().toList(),
            DoubleStream.of(doubles(c, "auroc")).boxed().toList());
    to.put("inD", orZero(means.inDistribution()));
    to.put("ooD", orZero(means.shifted()));
    to.put("adv", orZero(means.adversarial()));
    to.put("ece", orZero(means.calibration()));
    to.put("auroc", orZero(means.anomaly()));
  }

  private static void attackSummary(GoldenCase c, GoldenResults to) {
    List<Status> kinds = List.of(Status.SUCCESS, Status.FAILED, Status.SKIPPED);
    int[] kind = c.ints("kind");
    int[] queries = c.ints("queries");
    int[] changed = c.ints("perturbed_words");
    int[] words = c.ints("words");
    WordChange change = new WordChange(0, 0, 0, 1, "a", "b", 0, 1);
    TextInput text = new TextInput("a", null);
    AttackSummary s =
        AttackSummary.of(
            IntStream.range(0, kind.length)
                .mapToObj(i ->
                    new Outcome(
                        i,
                        kinds.get(kind[i]),
                        text,
                        text,
                        0,
                        0,
                        0,
                        new float[0],
                        new float[0],
                        Collections.nCopies(changed[i], change),
                        words[i],
                        queries[i],
                        Double.NaN))
                .toList());
    to.put("C-Acc", orZero(s.cleanAccuracy()));
    to.put("R-Acc", orZero(s.robustAccuracy()));
    to.put("ASR", orZero(s.successRate()));
    to.put("Pert", orZero(s.perturbed()));
    to.put("Avg-Q", orZero(s.queries()));
    to.put("AvgS-Q", orZero(s.queriesOfSuccesses()));
    to.put("AvgF-Q", orZero(s.queriesOfFailures()));
  }

  /** A bag-of-words classifier: the logits of all words and a bias, added up. */
  private record BagOfWords(double[][] words, double[] bias) {
    double[] probabilities(int[] text) {
      double[] logits = bias.clone();
      int[] sorted = text.clone(); // so that a text's order makes no difference, not even a bit
      Arrays.sort(sorted);
      for (int word : sorted) {
        for (int k = 0; k < logits.length; k++) {
          logits[k] += words[word][k];
        }
      }
      double sum = DoubleStream.of(logits).map(Math::exp).sum();
      return DoubleStream.of(logits).map(l -> Math.exp(l) / sum).toArray();
    }
  }

  private static int[] with(int[] text, int position, int word) {
    int[] changed = text.clone();
    changed[position] = word;
    return changed;
  }

  private static void pwws(GoldenCase c, GoldenResults to) {
    BagOfWords victim = new BagOfWords(rows(c, "word_logits"), doubles(c, "bias"));
    int[] text = c.ints("text");
    int label = c.whole("label");
    int[] table = c.ints("neighbours");
    int width = c.shape("neighbours").dim(1);
    int[][] near =
        Arrays.stream(text)
            .mapToObj(w -> Arrays.stream(table, w * width, (w + 1) * width))
            .map(all -> all.filter(w -> w >= 0).toArray())
            .toArray(int[][]::new);
    double before = victim.probabilities(text)[label];
    double[] hidden = new double[text.length];
    double[][] substituted = new double[text.length][];
    for (int i = 0; i < text.length; i++) {
      int position = i;
      hidden[i] = victim.probabilities(with(text, i, c.whole("null_id")))[label];
      substituted[i] =
          Arrays.stream(near[i])
              .mapToDouble(w -> victim.probabilities(with(text, position, w))[label])
              .toArray();
    }
    WeightedSaliency plan = WeightedSaliency.of(before, hidden, substituted);
    int[] best =
        IntStream.range(0, text.length)
            .map(i -> plan.best().get(i) < 0 ? -1 : near[i][plan.best().get(i)])
            .toArray();
    List<int[]> texts =
        plan.carryOut(
            text,
            (current, i) -> List.of(with(current, i, best[i])),
            t -> Confidence.argmax(victim.probabilities(t)) != label);
    double[] after = victim.probabilities(texts.getLast());
    to.put("saliency", array(plan.saliency()));
    to.put("saliency_softmax", array(plan.softmax()));
    to.put("best", best);
    to.put("gain", array(plan.gain()));
    to.put("score", array(plan.score()));
    to.put("order", plan.order().stream().mapToInt(Integer::intValue).toArray());
    to.put("adv_text", texts.getLast());
    to.put("substitutions", texts.size() - 1);
    to.put("success", Confidence.argmax(after) != label ? 1 : 0);
    to.put("prob_before", before);
    to.put("prob_after", after[label]);
  }
}
