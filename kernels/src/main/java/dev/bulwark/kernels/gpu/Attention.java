package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Attention: makes operands fit for the kernels and chooses the way. */
final class Attention {
  private final AttentionPath byTiles;

  Attention(Work work, Products products) {
    SequenceTiles tiles = new SequenceTiles(work);
    byTiles = new AttentionByTiles(work, tiles);
  }

  void forward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums) {
    Operands.requireF32("attention", q, k, v, out, logSums);
    if (logSums.size() == 0) {
      return;
    }
    Scope.run(
        "attention",
        () -> {
          AttentionCall call = call(spec, q, k, v, keyBias, out, logSums);
          into(out, y -> byTiles.forward(call, y, logSums));
        });
  }

  void backward(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor out,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    Operands.requireF32("attentionGrad", q, k, v, out, logSums, dOut, dq, dk, dv);
    if (dq.size() == 0) {
      return;
    }
    Scope.run(
        "attentionGrad",
        () -> {
          AttentionCall call = call(spec, q, k, v, keyBias, dq, dk, dv);
          Tensor y = rowsDense(Overlap.apart(out, dq, dk, dv));
          Tensor logs = Overlap.apart(logSums, dq, dk, dv);
          Tensor dy = rowsDense(Overlap.apart(dOut, dq, dk, dv));
          into(
              dq,
              x1 ->
                  into(dk, x2 -> into(dv, x3 -> byTiles.backward(call, y, logs, dy, x1, x2, x3))));
        });
  }

  private static AttentionCall call(
      AttentionSpec spec,
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor keyBias,
      Tensor... results) {
    if (keyBias != null) {
      Operands.requireF32("attention", keyBias);
    }
    return new AttentionCall(
        spec,
        rowsDense(Overlap.apart(q, results)),
        rowsDense(Overlap.apart(k, results)),
        rowsDense(Overlap.apart(v, results)),
        keyBias);
  }

  private static boolean areRowsDense(Tensor t) {
    return t.dim(-1) <= 1 || t.stride(-1) == 1;
  }

  private static Tensor rowsDense(Tensor t) {
    return areRowsDense(t) ? t : t.copy();
  }

  /** Has a result computed where its rows are dense. */
  private static void into(Tensor result, Consumer<Tensor> action) {
    if (areRowsDense(result)) {
      action.accept(result);
    } else {
      Tensor near = Operands.scratch(result);
      action.accept(near);
      result.kernels().copy(near, result);
    }
  }
}
