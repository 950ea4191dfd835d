package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Attention: makes operands fit for the kernels and chooses the way.
 *
 * <p>By products if the heads are too large for tiles, and for sequences of one length up to 256,
 * whose scores fit in memory beside everything else; by tiles otherwise: any lengths go in one
 * launch, and memory grows with the tokens only. {@link AttentionByTensorCores} goes before both if
 * it is switched on. The system property {@code bulwark.gpu.attention}, "products" or "tiles",
 * overrides this for heads that both can do.
 */
final class Attention {
  /** How attention can be computed. */
  enum Way {
    PRODUCTS,
    TILES,
    TENSOR_CORES
  }

  private static final int LONGEST_BY_PRODUCTS = 256;

  private final AttentionPath byProducts;
  private final AttentionPath byTiles;
  private final AttentionByTensorCores byTensorCores;
  private final @Nullable Way wanted;

  Attention(Work work, Products products) {
    this(work, products, setting());
  }

  /** Takes one way, or, if that is null, the one that the rule gives. */
  Attention(Work work, Products products, @Nullable Way wanted) {
    this.byProducts = new AttentionByProducts(work, products);
    SequenceTiles tiles = new SequenceTiles(work);
    this.byTiles = new AttentionByTiles(work, tiles);
    this.byTensorCores = new AttentionByTensorCores(work, tiles, byTiles);
    this.wanted = wanted;
  }

  private static @Nullable Way setting() {
    return switch (System.getProperty("bulwark.gpu.attention")) {
      case null -> null;
      case "products" -> Way.PRODUCTS;
      case "tiles" -> Way.TILES;
      case String other ->
          throw new IllegalArgumentException(
              "bulwark.gpu.attention is '" + other + "'; it may be products or tiles");
    };
  }

  private AttentionPath path(AttentionCall call) {
    return switch (way(call)) {
      case PRODUCTS -> byProducts;
      case TILES -> byTiles;
      case TENSOR_CORES -> byTensorCores;
    };
  }

  private Way way(AttentionCall call) {
    if (call.headSize() == 0 || call.headSize() > AttentionByTiles.LARGEST_HEAD) {
      return Way.PRODUCTS;
    } else if (wanted != null) {
      return wanted;
    } else if (byTensorCores.isOn()) {
      return Way.TENSOR_CORES;
    }
    int length = call.commonLength();
    return length >= 0 && length <= LONGEST_BY_PRODUCTS ? Way.PRODUCTS : Way.TILES;
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
          into(out, y -> path(call).forward(call, y, logSums));
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
                  into(
                      dk,
                      x2 -> into(dv, x3 -> path(call).backward(call, y, logs, dy, x1, x2, x3))));
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
