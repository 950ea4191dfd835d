package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.NoGrad;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.Batches;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A linear probe: before the first step the output layer becomes the logistic regression of the
 * features that it reads, computed without dropout. The strength of its penalty is the one that is
 * best on a tenth of the training data. Left at that it is "lp"; trained on it is "lp-ft" (Kumar et
 * al., "Fine-tuning can distort pretrained features and underperform out-of-distribution", ICLR
 * 2022), a baseline of MVP's code. The features are the pooler's, which is random where the
 * checkpoint has none.
 *
 * @param model the classifier
 * @param values how many strengths are tried
 * @param frozen whether nothing is trained afterwards
 */
record Probe(SequenceClassifier model, int values, boolean frozen) implements Tuning {
  private static final List<Option> OPTIONS =
      List.of(
          Option.whole(
              "probe-values",
              7,
              "values of the inverse penalty C that are tried, log-spaced from 0.1 to 100, 2 or"
                  + " more (MVP's code: 50)"));

  static final Method LINEAR =
      new Method(
          "lp",
          "Linear probe: logistic regression on the frozen encoder; further steps change nothing.",
          "Kumar et al., ICLR 2022",
          OPTIONS,
          s -> recipe(s, "lp", true));

  static final Method THEN_TUNE =
      new Method(
          "lp-ft",
          "Starts the output layer as a linear probe, then fine-tunes everything.",
          "Kumar et al., ICLR 2022",
          OPTIONS,
          s -> recipe(s, "lp-ft", false));

  private static Recipe recipe(Settings s, String name, boolean frozen) {
    int values = s.atLeast(2, "probe-values");
    return Recipe.tuned(setup -> {
      Probe probe = new Probe(setup.pooledModel(name), values, frozen);
      probe.model.parameters().values().forEach(p -> p.setTrainable(!frozen));
      return probe;
    });
  }

  @Override
  public Optional<Objective> objective() {
    return frozen ? Optional.of(this::unchanged) : Optional.empty();
  }

  /** The loss of a batch, and no gradient. */
  private Objective.Result unchanged(Step step) {
    double loss =
        NoGrad.call(() -> {
          Context quiet = Context.inference();
          Encoded encoded = model.encoder().encode(quiet, step.words(), step.batch().tokens());
          return step.crossEntropy(model.logits(quiet, encoded, step.batch().focus())).item();
        });
    return new Objective.Result(Gradients.none(), loss, Map.of());
  }

  @Override
  public void prepare(Batches data, Rng rng) {
    LogisticRegression.Data all = features(data, rng.split("order"));
    int n = all.labels().length;
    int[] order = rng.split("held out").permutation(n);
    int held = n < 2 ? 0 : Math.max(1, n / 10);
    LogisticRegression.Data dev = all.rows(Arrays.copyOf(order, held));
    LogisticRegression.Data train = all.rows(Arrays.copyOfRange(order, held, n));
    double best = 0;
    double top = -1;
    for (int i = 0; i < values; i++) {
      double c = 0.1 * Math.pow(1000, (double) i / (values - 1));
      double accuracy = LogisticRegression.fit(train, model.classes(), c).accuracy(dev);
      best = accuracy > top ? c : best;
      top = Math.max(top, accuracy);
    }
    LogisticRegression fit = LogisticRegression.fit(all, model.classes(), best);
    write("classifier.weight", fit.weight());
    write("classifier.bias", fit.bias());
  }

  private void write(String name, float[] values) {
    Parameter p = Objects.requireNonNull(model.parameters().get(name));
    Scope.run(
        "probe", () -> p.value().kernels().copy(Tensor.of(p.value().shape(), values), p.value()));
  }

  /** What the output layer reads, of every training example. */
  private LogisticRegression.Data features(Batches data, Rng rng) {
    List<float[]> features = new ArrayList<>();
    List<int[]> labels = new ArrayList<>();
    for (int[] examples : data.epoch(rng)) {
      Batch batch = data.batch(examples);
      features.add(Scope.call("probe features", () -> NoGrad.call(() -> features(batch))));
      labels.add(batch.labels());
    }
    float[] x = new float[features.stream().mapToInt(f -> f.length).sum()];
    int at = 0;
    for (float[] f : features) {
      System.arraycopy(f, 0, x, at, f.length);
      at += f.length;
    }
    return new LogisticRegression.Data(x, labels.stream().flatMapToInt(Arrays::stream).toArray());
  }

  private float[] features(Batch batch) {
    Context quiet = Context.inference();
    Encoded encoded =
        model.encoder().encode(quiet, model.encoder().embed(batch.tokens()), batch.tokens());
    return model.pooled(encoded, batch.focus()).value().toFloats();
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(LINEAR, THEN_TUNE);
    }
  }
}
