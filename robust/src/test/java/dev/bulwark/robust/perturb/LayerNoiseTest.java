package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.LayerHook;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerNoiseTest {
  private static double[] after(LayerHook hook, String layer, int rows) {
    return Scope.call(
        "test",
        () ->
            hook.after(layer, Variable.constant(Tensor.zeros(Shape.of(rows, 50), DType.F32)))
                .value()
                .toDoubles());
  }

  @ParameterizedTest
  @CsvSource({"1, 0 1 2 3 4 5 6", "-1, 0 1 2 3 4 5 6", "3, 0 3 6", "7, 0"})
  void everyNthLayerGetsNoiseAndTheEmbeddingsNever(int every, String expected) {
    LayerHook hook = new LayerNoise(0.5, every).hook(Draws.of(Rng.seed(1)), "pass");
    List<String> noisy = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      if (after(hook, "layer." + i, 2)[0] != 0) {
        noisy.add(Integer.toString(i));
      }
    }
    assertEquals(expected, String.join(" ", noisy));
    assertArrayEquals(new double[100], after(hook, "embeddings", 2));
  }

  @Test
  void theNoiseHasItsDeviation() {
    double sum = 0;
    double[] z = after(new LayerNoise(0.5, 1).hook(Draws.of(Rng.seed(1)), "pass"), "layer.0", 400);
    for (double v : z) {
      sum += v * v;
    }
    assertEquals(0.5, Math.sqrt(sum / z.length), 0.02);
  }

  @Test
  void passesAndLayersDrawAnew() {
    Draws draws = Draws.of(Rng.seed(1));
    LayerNoise noise = new LayerNoise(1, 1);
    double first = after(noise.hook(draws, "a"), "layer.0", 1)[0];
    assertTrue(first != after(noise.hook(draws, "b"), "layer.0", 1)[0]);
    assertTrue(first != after(noise.hook(draws, "a"), "layer.1", 1)[0]);
    assertEquals(first, after(noise.hook(draws, "a"), "layer.0", 1)[0]);
  }

  @Test
  void aSequencesNoiseDoesNotDependOnItsCompany() {
    Draws one = Draws.of(Rng.seed(1));
    Draws two = Draws.of(Rng.seed(2));
    LayerNoise noise = new LayerNoise(1, 1);
    double[] alone = after(noise.hook(List.of(two), List.of("p"), new int[] {2}), "layer.0", 2);
    double[] together =
        after(noise.hook(List.of(one, two), List.of("p", "p"), new int[] {3, 2}), "layer.0", 5);
    for (int i = 0; i < alone.length; i++) {
      assertEquals(alone[i], together[150 + i]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-0.1, 1, noise-eps",
    "NaN, 1, noise-eps",
    "0.1, 0, nth-layers",
    "0.1, -2, nth-layers"
  })
  void senselessNoiseIsRefused(double sigma, int every, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new LayerNoise(sigma, every));
    assertTrue(e.toString().contains(message), e.toString());
  }
}
