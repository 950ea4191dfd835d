package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.perturb.Ball.Norm;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BallTest {
  private static final int HIDDEN = 8;

  /** Three real tokens in the first sequence, two in the second. */
  private static final TokenBatch TOKENS =
      new TokenBatch(2, 3, new int[6], new int[6], new int[] {1, 1, 1, 1, 1, 0});

  private static Tensor tensor(double... values) {
    return Tensor.of(Shape.of(2, 1, values.length / 2), values).cast(DType.F32);
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void theStartIsUniformOfTheStatedSizeAndZeroAtPadding(Norm norm) {
    double magnitude = 0.6;
    Rng rng = Rng.seed(5);
    float[] start =
        new Ball(norm, magnitude, 1, 0).start(TOKENS, HIDDEN, DType.F32, Draws.of(rng)).toFloats();
    Tensor raw = Tensor.empty(Shape.of(2, 3, HIDDEN), DType.F32, Backends.current());
    Kernels kernels = raw.kernels();
    kernels.uniform(rng.split("init_uniform"), -1, 1, raw);
    float[] uniform = raw.toFloats();
    for (int i = 0; i < start.length; i++) {
      int token = i / HIDDEN;
      int length = token < 3 ? 3 : 2;
      double size =
          switch (norm) {
            case L2 -> magnitude / Math.sqrt(length * (double) HIDDEN);
            case L2_TOKEN -> magnitude / Math.sqrt(HIDDEN);
            case LINF, SIGN -> magnitude;
          };
      assertEquals(token == 5 ? 0 : size * uniform[i], start[i], 1e-7);
    }
  }

  @Test
  void withoutMagnitudeItStartsAtZero() {
    float[] start =
        new Ball(Norm.L2, 0, 1, 0).start(TOKENS, 4, DType.F32, Draws.of(Rng.seed(1))).toFloats();
    assertArrayEquals(new float[24], start);
  }

  @Test
  void anL2StepHasTheLengthOfTheRateForEachExample() {
    Tensor next = new Ball(Norm.L2, 0, 0.5, 0).ascend(tensor(0, 0, 0, 0), tensor(3, 4, 0, 1e-3));
    assertArrayEquals(new float[] {0.3f, 0.4f, 0, 0.5f}, next.toFloats(), 1e-6f);
  }

  @Test
  void aLinfStepDividesByTheLargestGradientOfTheExample() {
    Tensor next =
        new Ball(Norm.LINF, 0, 0.5, 0).ascend(tensor(1, 1, 0, 0), tensor(-2, 1, 0.1, 0.1));
    assertArrayEquals(new float[] {0.5f, 1.25f, 0.5f, 0.5f}, next.toFloats(), 1e-6f);
  }

  @Test
  void aTokenStepHasTheLengthOfTheRateForEachToken() {
    Tensor gradient = Tensor.of(Shape.of(1, 2, 2), 3f, 4f, 0f, 1e-3f);
    Tensor next =
        new Ball(Norm.L2_TOKEN, 0, 0.5, 0.4)
            .ascend(Tensor.zeros(gradient.shape(), DType.F32), gradient);
    assertArrayEquals(new float[] {0.24f, 0.32f, 0, 0.4f}, next.toFloats(), 1e-6f);
  }

  @Test
  void aSignStepMovesEveryEntryAlikeButThoseOfZero() {
    Tensor next =
        new Ball(Norm.SIGN, 0, 0.5, 0.4).ascend(tensor(0, 0, 0, 0), tensor(-2, 1, 1e-9, 0));
    assertArrayEquals(new float[] {-0.4f, 0.4f, 0.4f, 0}, next.toFloats(), 1e-6f);
  }

  @Test
  void aGradientOfZeroMovesNothing() {
    for (Norm norm : Norm.values()) {
      Tensor next = new Ball(norm, 0, 0.5, 1).ascend(tensor(0.1, 0, 0, 0), tensor(0, 0, 0, 0));
      assertArrayEquals(new float[] {0.1f, 0, 0, 0}, next.toFloats());
    }
  }

  @Test
  void anL2ProjectionShortensOnlyWhatIsOutside() {
    Tensor inside = new Ball(Norm.L2, 0, 1, 1).project(tensor(3, 4, 0.3, 0.4));
    assertArrayEquals(new float[] {0.6f, 0.8f, 0.3f, 0.4f}, inside.toFloats(), 1e-6f);
  }

  @Test
  void aLinfProjectionClampsEachNumber() {
    Tensor inside = new Ball(Norm.LINF, 0, 1, 0.5).project(tensor(3, -4, 0.3, -0.4));
    assertArrayEquals(new float[] {0.5f, -0.5f, 0.3f, -0.4f}, inside.toFloats());
  }

  @Test
  void radiusZeroBoundsNothing() {
    Tensor delta = tensor(30, 40, 1, 2);
    for (Norm norm : Norm.values()) {
      assertArrayEquals(delta.toFloats(), new Ball(norm, 0, 1, 0).project(delta).toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, 0", "0, -1, 0", "0, 0, -1", "NaN, 0, 0", "0, NaN, 0", "0, 0, NaN"})
  void aNegativeMagnitudeIsRefused(double start, double rate, double radius) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Ball(Norm.L2, start, rate, radius));
    assertTrue(e.toString().contains("must not be negative"), e.toString());
  }
}
