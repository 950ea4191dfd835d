package dev.bulwark.robust.perturb;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.LayerHook;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Gaussian noise on the output of every n-th encoder layer, the first one included, in training and
 * in prediction (RSMI, Moon et al., ACL 2023): layer i gets it if i mod n is 0.
 *
 * @param sigma standard deviation, 0 for none
 * @param every n, at least 1; -1 stands for 1
 */
public record LayerNoise(double sigma, int every) {
  private static final String LAYER = "layer.";

  /** Gives the standard normal numbers of a layer. */
  @FunctionalInterface
  public interface Source {
    /**
     * The numbers.
     *
     * @param layer "layer.0", ...
     * @param shape [T, H], the computed tokens
     * @param dtype F32 or F64
     * @return standard normal numbers
     */
    Tensor normal(String layer, Shape shape, DType dtype);
  }

  /**
   * Checks both numbers.
   *
   * @throws IllegalArgumentException if sigma is negative, or n neither positive nor -1
   */
  public LayerNoise {
    if (!(sigma >= 0)) {
      throw new IllegalArgumentException("noise-eps must not be negative, but is " + sigma);
    }
    if (every < 1 && every != -1) {
      throw new IllegalArgumentException(
          "nth-layers must be at least 1, or -1 for every layer, not " + every);
    }
  }

  /**
   * Noise of one pass over a batch.
   *
   * @param draws the numbers, named PASS.layer.0, ...
   * @param pass name of the pass
   * @return adds it
   */
  public LayerHook hook(Draws draws, String pass) {
    return hook((layer, shape, dtype) -> draws.normal(pass + "." + layer, shape, dtype));
  }

  /**
   * Noise of packed sequences, each with numbers of its own, so that a sequence's noise does not
   * depend on its company.
   *
   * @param draws of each sequence, its numbers
   * @param passes of each sequence, the name of its pass
   * @param lengths of each sequence, its tokens
   * @return adds it
   */
  public LayerHook hook(List<Draws> draws, List<String> passes, int[] lengths) {
    return hook((layer, shape, dtype) -> {
      List<Tensor> parts = new ArrayList<>();
      for (int i = 0; i < lengths.length; i++) {
        Shape own = Shape.of(lengths[i], shape.dim(1));
        parts.add(draws.get(i).normal(passes.get(i) + "." + layer, own, dtype));
      }
      return Tensors.concat(0, parts);
    });
  }

  private LayerHook hook(Source source) {
    return (layer, hidden) -> {
      if (!reaches(layer)) {
        return hidden;
      }
      Tensor z = source.normal(layer, hidden.shape(), hidden.value().dtype());
      return hidden.plus(Variable.constant(z.times(sigma)));
    };
  }

  private boolean reaches(String place) {
    return sigma > 0
        && place.startsWith(LAYER)
        && Integer.parseInt(place.substring(LAYER.length())) % every == 0;
  }
}
