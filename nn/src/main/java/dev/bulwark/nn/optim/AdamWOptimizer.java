package dev.bulwark.nn.optim;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.nn.Parameter;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter 2019), with PyTorch's arithmetic. Biases
 * and layer norms do not decay.
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
   */
  public record Settings(
      double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    /**
     * Usual settings: betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRate step size
     * @param weightDecay decoupled decay
     * @return the settings
     */
    public static Settings of(double learningRate, double weightDecay) {
      return new Settings(learningRate, 0.9, 0.999, 1e-8, weightDecay);
    }
  }

  private record Moments(Tensor first, Tensor second) {}

  private final Settings settings;
  private final Map<Parameter, Moments> moments = new LinkedHashMap<>();
  private int steps;

  /**
   * An optimiser of these parameters, its moments zero.
   *
   * @param parameters what it will write
   * @param settings rates
   */
  public AdamWOptimizer(Collection<Parameter> parameters, Settings settings) {
    this.settings = settings;
    for (Parameter p : parameters) {
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
   * @return the global norm before clipping
   */
  public double step(Gradients gradients, double rateFactor, double maxNorm) {
    double norm = gradients.globalNorm();
    double scale = Math.min(1, maxNorm / (norm + 1e-6)); // as torch.nn.utils.clip_grad_norm_
    steps++;
    moments.forEach((p, m) ->
        gradients
            .of(p.leaf())
            .ifPresent(g ->
                g.kernels()
                    .adamW(
                        new AdamW(
                            settings.learningRate() * rateFactor,
                            settings.beta1(),
                            settings.beta2(),
                            settings.epsilon(),
                            decays(p.name()) ? settings.weightDecay() : 0,
                            steps,
                            scale),
                        p.value(),
                        g.contiguous(),
                        m.first(),
                        m.second())));
    return norm;
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

  private static boolean decays(String name) {
    return !name.endsWith(".bias") && !name.contains("LayerNorm");
  }
}
