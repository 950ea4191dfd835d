package dev.bulwark.robust.objective;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Release;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One forward pass of a loop, at a perturbation of the word vectors, as its terms see it.
 *
 * @param step the step it belongs to
 * @param number of the pass, from 0
 * @param of how many passes the loop averages over
 * @param encoded hidden states
 * @param logits [B, C]
 */
public record Pass(Step step, int number, int of, Encoded encoded, Variable logits) {
  /**
   * What a pass gave.
   *
   * @param crossEntropy of the pass, in nats, neither divided nor with terms
   * @param loss everything minimised in it: cross-entropy and loss terms over the number of passes
   * @param gradients of parameters
   * @param wordGradient of the loss with respect to the word vectors [R, S, H]
   * @param readings value of each term, as minimised
   */
  public record Outcome(
      double crossEntropy,
      double loss,
      Gradients gradients,
      Tensor wordGradient,
      Map<String, Double> readings) {}

  /**
   * Runs a pass forward and backward with all terms of its step.
   *
   * @param step the batch, the model and the terms
   * @param delta perturbation of the word vectors [R, S, H]
   * @param number of the pass, from 0
   * @param of how many passes the loop averages over: the loss is divided by it
   * @param context the model's; its dropout is the pass's
   * @return its gradients
   */
  static Outcome run(Step step, Tensor delta, int number, int of, Context context) {
    Variable perturbation = Variable.leaf("delta", delta);
    Variable words = step.model().encoder().embed(step.batch().tokens()).plus(perturbation);
    Encoded encoded = step.encode(words, context);
    Variable logits = step.model().logits(context, encoded, step.batch().focus());
    Pass pass = new Pass(step, number, of, encoded, logits);
    Variable crossEntropy = step.crossEntropy(logits);
    double task = crossEntropy.item();
    Variable loss = of == 1 ? crossEntropy : crossEntropy.times(1.0 / of);
    Map<String, Double> readings = new TreeMap<>();
    for (PassTerm term : step.terms()) {
      Optional<Variable> summand = term.inLoss(pass);
      if (summand.isPresent()) {
        readings.put(term.name(), summand.get().item());
        loss = loss.plus(summand.get());
      }
    }
    if (step.terms().stream().anyMatch(PassTerm::needsWordGradient)) {
      return sensitive(pass, task, loss, perturbation, readings);
    }
    double value = loss == crossEntropy ? task : loss.item(); // each reading waits for a GPU
    Gradients gradients = loss.backward();
    Tensor wordGradient = gradients.get(perturbation);
    return new Outcome(task, value, gradients.without(perturbation), wordGradient, readings);
  }

  /** First to the word vectors alone, then everything at once: two backward passes, not three. */
  private static Outcome sensitive(
      Pass pass, double task, Variable loss, Variable perturbation, Map<String, Double> readings) {
    Tensor wordGradient = loss.backward(Release.RETAIN, List.of(perturbation)).get(perturbation);
    Variable sum = loss;
    for (PassTerm term : pass.step().terms()) {
      Optional<Variable> further = term.afterwards(pass, wordGradient);
      if (further.isPresent()) {
        readings.put(term.name(), further.get().item());
        sum = sum.plus(further.get());
      }
    }
    double value = sum.item();
    Gradients gradients = sum.backward().without(perturbation);
    return new Outcome(task, value, gradients, wordGradient, readings);
  }
}
