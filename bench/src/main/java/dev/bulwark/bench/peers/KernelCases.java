package dev.bulwark.bench.peers;

import dev.bulwark.bench.Operands;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AdamW;
import dev.bulwark.tensor.backend.AttentionSpec;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Kernels;
import dev.bulwark.tensor.backend.Unary;
import java.util.Arrays;

/** Single kernels on operands that were touched before. */
final class KernelCases {
  private KernelCases() {}

  private static Tensor random(String name, int... dims) {
    return Operands.random(Backends.current(), name, dims);
  }

  /** Products of a linear layer: tokens T, outputs N, inputs K. */
  static Runnable gemm(String kind, int[] s) {
    Tensor x = random("x", s[0], s[2]);
    Tensor w = random("w", s[1], s[2]);
    Tensor dy = random("dy", s[0], s[1]);
    Kernels kernels = x.kernels();
    return switch (kind) {
      case "forward" -> {
        Tensor y = random("y", s[0], s[1]);
        yield () -> kernels.linear(x, w, null, y);
      }
      case "input-gradient" -> {
        Tensor dx = random("dx", s[0], s[2]);
        yield () -> kernels.gemm(1, dy, w, 0, dx);
      }
      case "weight-gradient" -> {
        Tensor dw = random("dw", s[1], s[2]);
        yield () -> kernels.gemm(1, dy.transpose(0, 1), x, 0, dw);
      }
      default -> throw unknown(kind);
    };
  }

  static Runnable softmax(String kind, int[] s) {
    Tensor x = random("x", s);
    Tensor y = random("y", s);
    Tensor dy = random("dy", s);
    Tensor dx = random("dx", s);
    x.kernels().softmax(x, y);
    return switch (kind) {
      case "forward" -> () -> x.kernels().softmax(x, y);
      case "backward" -> () -> x.kernels().softmaxGrad(y, dy, dx);
      default -> throw unknown(kind);
    };
  }

  static Runnable layerNorm(String kind, int[] s) {
    Tensor x = random("x", s);
    Tensor y = random("y", s);
    Tensor dy = random("dy", s);
    Tensor dx = random("dx", s);
    Tensor gain = random("gain", s[1]);
    Tensor bias = random("bias", s[1]);
    Tensor dGain = random("dGain", s[1]);
    Tensor dBias = random("dBias", s[1]);
    Tensor mean = random("mean", s[0]);
    Tensor rstd = random("rstd", s[0]);
    x.kernels().layerNorm(x, gain, bias, 1e-12, y, mean, rstd);
    return switch (kind) {
      case "forward" -> () -> x.kernels().layerNorm(x, gain, bias, 1e-12, y, mean, rstd);
      case "backward" -> () -> x.kernels().layerNormGrad(dy, x, gain, mean, rstd, dx, dGain, dBias);
      default -> throw unknown(kind);
    };
  }

  static Runnable gelu(String kind, int[] s) {
    Tensor x = random("x", s);
    Tensor y = random("y", s);
    Tensor dy = random("dy", s);
    Tensor dx = random("dx", s);
    x.kernels().unary(Unary.GELU, x, y);
    return switch (kind) {
      case "forward" -> () -> x.kernels().unary(Unary.GELU, x, y);
      case "backward" -> () -> x.kernels().unaryGrad(Unary.GELU, x, y, dy, dx);
      default -> throw unknown(kind);
    };
  }

  static Runnable adamW(int[] s) {
    Tensor parameter = random("parameter", s);
    Tensor gradient = random("gradient", s);
    Tensor moment1 = random("moment1", s);
    Tensor moment2 = random("moment2", s).map(Unary.SQUARE);
    AdamW step = new AdamW(1e-5, 0.9, 0.999, 1e-8, 0.01, 3, 1);
    return () -> parameter.kernels().adamW(step, parameter, gradient, moment1, moment2);
  }

  /** Forward and backward of B sequences, A heads, length S, size D, with dropout 0.1. */
  static Runnable attention(int[] s, int[] lengths) {
    int tokens = s[0] * s[2];
    int[] offsets = new int[s[0] + 1];
    Arrays.setAll(offsets, i -> i * s[2]);
    AttentionSpec spec = new AttentionSpec(offsets, 1 / Math.sqrt(s[3]), 0.1, Rng.seed(2));
    Tensor qkv = random("qkv", tokens, 3, s[1], s[3]); // packed, as one product writes them
    Tensor gradients = random("gradients", tokens, 3, s[1], s[3]);
    float[] bias = new float[tokens];
    for (int i = 0; i < tokens; i++) {
      bias[i] = i % s[2] < lengths[i / s[2]] ? 0 : Float.NEGATIVE_INFINITY;
    }
    Tensor keyBias = Tensor.of(Shape.of(tokens), bias);
    Tensor out = random("out", tokens, s[1], s[3]);
    Tensor dOut = random("dOut", tokens, s[1], s[3]);
    Tensor logSums = random("logSums", tokens, s[1]);
    Tensor q = qkv.select(1, 0);
    Tensor k = qkv.select(1, 1);
    Tensor v = qkv.select(1, 2);
    Tensor dq = gradients.select(1, 0);
    Tensor dk = gradients.select(1, 1);
    Tensor dv = gradients.select(1, 2);
    Kernels kernels = qkv.kernels();
    return () -> {
      kernels.attention(spec, q, k, v, keyBias, out, logSums);
      kernels.attentionGrad(spec, q, k, v, keyBias, out, logSums, dOut, dq, dk, dv);
    };
  }

  private static IllegalArgumentException unknown(String kind) {
    return new IllegalArgumentException("no case called " + kind);
  }
}
