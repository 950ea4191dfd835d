package dev.bulwark.nn.optim;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Parameter;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AdamWUpdate;
import dev.bulwark.tensor.backend.Kernels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter 2019), with PyTorch's arithmetic or that
 * of earlier transformers libraries. Biases and layer norms do not decay unless the settings say
 * so.
 */
public final class AdamWOptimizer {
  /**
   * Settings.
   *
   * @param learningRate step size at factor 1
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added outside the square root
   * @param weightDecay decoupled decay of matrices and embeddings
   * @param form where epsilon and decay enter
   * @param decays whether a parameter of that name decays
   */
  public record Settings(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      Form form,
      Predicate<String> decays) {
    /** Settings under which biases and layer norms do not decay. */
    public Settings(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Form form) {
      this(
          learningRate,
          beta1,
          beta2,
          epsilon,
          weightDecay,
          form,
          name -> !name.endsWith(".bias") && !name.contains("LayerNorm"));
    }

    /**
     * Usual settings: betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRate step size
     * @param weightDecay decoupled decay
     * @return the settings
     */
    public static Settings of(double learningRate, double weightDecay) {
      return new Settings(learningRate, 0.9, 0.999, 1e-8, weightDecay, Form.TORCH);
    }
  }

  /** Where epsilon and decay enter. */
  public enum Form {
    /** As torch.optim.AdamW: epsilon beside the corrected root, decay before the step. */
    TORCH,
    /**
     * As AdamW of transformers before version 5, which the methods' authors used: epsilon beside
     * the root before bias correction, decay after the step on the moved weights.
     */
    TRANSFORMERS
  }

  private record Moments(Tensor first, Tensor second) {}

  private final Settings settings;
  private final Map<Parameter, Moments> moments = new LinkedHashMap<>();
  private final List<Parameter> clipped;
  private int steps;

  /**
   * An optimiser of these parameters, its moments zero.
   *
   * @param parameters what it will write
   * @param settings rates
   */
  public AdamWOptimizer(Collection<Parameter> parameters, Settings settings) {
    this(parameters, List.of(), settings);
  }

  /**
   * An optimiser of two groups, its moments zero.
   *
   * @param parameters what it will write
   * @param unclipped further parameters, left out of the norm and of clipping
   * @param settings rates
   */
  public AdamWOptimizer(
      Collection<Parameter> parameters, Collection<Parameter> unclipped, Settings settings) {
    this.settings = settings;
    this.clipped = List.copyOf(parameters);
    for (Parameter p : Stream.concat(parameters.stream(), unclipped.stream()).toList()) {
      Tensor like = p.value();
      moments.put(
          p,
          new Moments(
              Tensor.zeros(like.shape(), like.dtype()).retain(),
              Tensor.zeros(like.shape(), like.dtype()).retain()));
    }
  }

  /**
   * One step in place. Parameters without a gradient stay as they are.
   *
   * @param gradients by leaf
   * @param rateFactor factor of the learning rate, from a {@link Schedule}
   * @param maxNorm gradients are scaled so that their global norm is at most this; infinity leaves
   *     them
   * @return the global norm of the clipped group before clipping
   */
  public double step(Gradients gradients, double rateFactor, double maxNorm) {
    double norm = gradients.norm(clipped.stream().map(Parameter::leaf).toList());
    double scale = Math.min(1, maxNorm / (norm + 1e-6)); // as torch.nn.utils.clip_grad_norm_
    steps++;
    Set<Parameter> scaled = Set.copyOf(clipped);
    Map<Kernels, List<AdamWUpdate>> updates = new LinkedHashMap<>(); // all at once where they live
    moments.forEach((p, m) ->
        gradients
            .of(p.leaf())
            .ifPresent(g ->
                updates
                    .computeIfAbsent(g.kernels(), k -> new ArrayList<>())
                    .add(update(p, m, g, rateFactor, scaled.contains(p) ? scale : 1))));
    updates.forEach(Kernels::adamW);
    if (settings.form() == Form.TRANSFORMERS) {
      moments.keySet().stream()
          .filter(p -> gradients.of(p.leaf()).isPresent())
          .forEach(p -> decay(p, rateFactor));
    }
    return norm;
  }

  private AdamWUpdate update(Parameter p, Moments m, Tensor g, double rateFactor, double scale) {
    boolean torch = settings.form() == Form.TORCH;
    double epsilon =
        torch
            ? settings.epsilon()
            : settings.epsilon() / Math.sqrt(1 - Math.pow(settings.beta2(), steps));
    AdamW step =
        new AdamW(
            settings.learningRate() * rateFactor,
            settings.beta1(),
            settings.beta2(),
            epsilon,
            torch ? decayOf(p) : 0,
            steps,
            scale);
    return new AdamWUpdate(step, p.value(), g.contiguous(), m.first(), m.second());
  }

  private double decayOf(Parameter p) {
    return settings.decays().test(p.name()) ? settings.weightDecay() : 0;
  }

  private void decay(Parameter p, double rateFactor) {
    double decay = decayOf(p);
    if (decay > 0) {
      double kept = 1 - settings.learningRate() * rateFactor * decay;
      p.value().kernels().affine(p.value(), kept, 0, p.value());
    }
  }

  /** Number of steps done. */
  public int steps() {
    return steps;
  }

  /**
   * The state, for a checkpoint: "NAME.exp_avg" and "NAME.exp_avg_sq" of each parameter.
   *
   * @return the live tensors by name
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    moments.forEach((p, m) -> {
      state.put(p.name() + ".exp_avg", m.first());
      state.put(p.name() + ".exp_avg_sq", m.second());
    });
    return state;
  }

  /**
   * Sets the number of steps done; the moments are restored by writing into {@link #state}.
   *
   * @param done steps done
   */
  public void resumeAt(int done) {
    steps = done;
  }
}
