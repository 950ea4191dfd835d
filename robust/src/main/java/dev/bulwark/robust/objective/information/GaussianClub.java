package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * CLUB (Cheng et al. 2020) with a learnt conditional: p(y|x) is a Gaussian whose mean and
 * log-variance are perceptrons of x. Learns by Adam steps of its own.
 */
public final class GaussianClub extends Module {
  private final Perceptron mean;
  private final Perceptron logVariance;
  private final AdamWOptimizer adam;
  private final Tensor steps; // done, as a tensor so that snapshots hold it
  private final String path;

  /**
   * An untrained estimator, or one from a source's weights.
   *
   * @param source gives "mu" and "logvar", each with w1, b1, w2, b2
   * @param x size of the condition
   * @param y size of the feature, also of the hidden layers
   * @param learningRate of Adam, 1e-3 in InfoBERT
   */
  public GaussianClub(Source source, int x, int y, double learningRate) {
    path = source.path();
    mean = child(new Perceptron(source.under("mu"), x, y, y));
    logVariance = child(new Perceptron(source.under("logvar"), x, y, y));
    adam = new AdamWOptimizer(parameters().values(), AdamWOptimizer.Settings.of(learningRate, 0));
    Parameter any = parameters().values().iterator().next();
    steps = Tensor.zeros(Shape.of(1), any.value().dtype()).retain();
  }

  private record Conditional(Variable mean, Variable logVariance) {}

  private Conditional given(Variable x) {
    return new Conditional(mean.forward(x), Elementwise.tanh(logVariance.forward(x)));
  }

  /**
   * The log-likelihood that the estimator climbs, without constants and the factor 1/2.
   *
   * @param x [N, X]
   * @param y [N, Y]
   * @return a scalar
   */
  public Variable logLikelihood(Variable x, Variable y) {
    Conditional p = given(x);
    Variable precision = Elementwise.exp(p.logVariance().times(-1));
    Variable misfit = Elementwise.square(p.mean().minus(y)).times(precision);
    return misfit.plus(p.logVariance()).sum().times(-1.0 / y.dim(0));
  }

  /**
   * The bound with one negative for each feature.
   *
   * @param x [N, X]
   * @param y [N, Y]
   * @param partner of each row, whose feature is its negative, in [0, N)
   * @return a scalar in nats
   */
  public Variable sampled(Variable x, Variable y, int[] partner) {
    Conditional p = given(x);
    Variable negative = Indexing.gatherRows(y, Tensor.of(Shape.of(partner.length), partner));
    return bound(p, y, Elementwise.square(p.mean().minus(negative)));
  }

  /**
   * The bound with all features as negatives of each row.
   *
   * @param x [N, X]
   * @param y [N, Y]
   * @return a scalar in nats
   */
  public Variable full(Variable x, Variable y) {
    Conditional p = given(x);
    Variable centre = y.mean(0).reshape(1, y.dim(1));
    Variable variance = Elementwise.square(y.minus(centre)).mean(0).reshape(1, y.dim(1));
    return bound(p, y, Elementwise.square(p.mean().minus(centre)).plus(variance));
  }

  private static Variable bound(Conditional p, Variable y, Variable negatives) {
    Variable difference = negatives.minus(Elementwise.square(p.mean().minus(y)));
    Variable precision = Elementwise.exp(p.logVariance().times(-1));
    return difference.times(precision).sum().times(0.5 / y.dim(0));
  }

  /**
   * What an Adam step found.
   *
   * @param negativeLogLikelihood before the step
   * @param x its gradient with respect to the condition [N, X]
   * @param y its gradient with respect to the feature [N, Y]
   */
  public record Fit(double negativeLogLikelihood, Tensor x, Tensor y) {}

  /**
   * One Adam step on the negative log-likelihood; bounds take the estimator as given from then on.
   *
   * @param x conditions [N, X]
   * @param y features [N, Y]
   * @return what the step found
   */
  public Fit fit(Tensor x, Tensor y) {
    setTrainable(true);
    Variable condition = Variable.leaf("x", x);
    Variable feature = Variable.leaf("y", y);
    Variable loss = logLikelihood(condition, feature).times(-1);
    double value = loss.item();
    Gradients g = loss.backward(Release.AS_CONSUMED);
    adam.resumeAt((int) steps.toDoubles()[0]);
    adam.step(g, 1, Double.POSITIVE_INFINITY);
    steps.kernels().fill(steps, adam.steps());
    setTrainable(false);
    return new Fit(value, g.get(condition), g.get(feature));
  }

  private void setTrainable(boolean on) {
    parameters().values().forEach(p -> p.setTrainable(on));
  }

  /** Everything that steps change: weights, moments and the number of steps, by name. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> all = new TreeMap<>(adam.state());
    parameters().values().forEach(p -> all.put(p.name(), p.value()));
    all.put(path + ".steps", steps);
    return all;
  }
}
