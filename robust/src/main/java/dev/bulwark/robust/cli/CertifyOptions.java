package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.eval.CertifiedAccuracy;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.predict.Certificate;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.SmoothedPredictor;
import dev.bulwark.robust.predict.TextInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Certified accuracy of a model with noise in its layers, on request. */
final class CertifyOptions {
  private static final int CHOOSING = 100; // as in Cohen et al. 2019

  @Option(
      names = "--certify",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "also certify each prediction with N noisy passes, for models with noise in their layers"
              + " (rsmi); holds against changes of hidden states, not of words")
  private int passes;

  @Option(
      names = "--certify-error",
      paramLabel = "P",
      defaultValue = "0.001",
      description = "probability that a certificate is wrong (default: ${DEFAULT-VALUE})")
  private double error;

  /** Refuses what cannot be certified, before any work. */
  void check(Predictor predictor) {
    if (passes < 0 || !(error > 0 && error < 1)) {
      throw new IllegalArgumentException(
          "--certify must be at least 0 and --certify-error between 0 and 1, not %d and %s"
              .formatted(passes, error));
    }
    if (passes > 0 && !(predictor instanceof SmoothedPredictor)) {
      throw new IllegalArgumentException(
          "--certify needs a model that predicts with noise in its layers; train one with"
              + " --method rsmi");
    }
  }

  /** Lines of the report; none unless asked for. */
  List<String> report(Predictor predictor, List<Example> examples, boolean quiet) {
    if (passes == 0 || !(predictor instanceof SmoothedPredictor smoothed)) {
      return List.of();
    }
    List<Certificate> certificates = new ArrayList<>();
    try (Console console = new Console("certifying", "examples", examples.size(), quiet)) {
      for (Example e : examples) {
        certificates.add(
            smoothed.certify(new TextInput(e.text(), e.pair()), CHOOSING, passes, error));
        console.at(certificates.size(), "");
      }
    }
    CertifiedAccuracy c = new CertifiedAccuracy(certificates, Evaluator.labels(examples));
    return List.of(
        String.format(
            Locale.ROOT,
            "Certified accuracy %.1f %%, abstained %.1f %%, mean radius %.4f",
            100 * c.at(0),
            100 * c.abstained(),
            c.meanRadius()),
        "(radius: change of the first layer's output; says nothing about changed words)");
  }
}
