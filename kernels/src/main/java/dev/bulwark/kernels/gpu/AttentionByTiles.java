package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention without its matrix of scores, tile by tile; the backward computes scores again. Takes
 * sequences of any lengths and heads of up to 128 columns. Products here are in F32 whatever the
 * precision set.
 */
final class AttentionByTiles implements AttentionPath {
  static final int LARGEST_HEAD = 128;

  private static final int ROWS_PER_BLOCK = 8; // of the sums delta

  private final Work work;
  private final SequenceTiles tiles;

  AttentionByTiles(Work work, SequenceTiles tiles) {
    this.work = work;
    this.tiles = tiles;
  }

  private static Kernel kernel(String name, AttentionCall call) {
    Program program =
        call.headSize() <= 32
            ? Program.ATTENTION_32
            : call.headSize() <= 64 ? Program.ATTENTION_64 : Program.ATTENTION_128;
    return program.kernel(name);
  }

  @Override
  public void forward(AttentionCall call, Tensor out, Tensor logSums) {
    launch("bk_attention", call, out, logSums);
  }

  @Override
  public void backward(
      AttentionCall call,
      Tensor out,
      Tensor logSums,
      Tensor dOut,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    int rows = dOut.dim(0) * call.heads();
    Tensor delta = Tensor.empty(Shape.of(rows), DType.F32, dOut.backend());
    work.launch(
        kernel("bk_attention_delta", call),
        Grid.rows(Math.ceilDiv(rows, ROWS_PER_BLOCK)),
        dOut,
        AttentionCall.view(dOut),
        out,
        AttentionCall.view(out),
        rows,
        call.heads(),
        call.headSize(),
        delta);
    launch("bk_attention_dq", call, dOut, logSums, delta, dq);
    launch("bk_attention_dkv", call, dOut, logSums, delta, dk, dv);
  }

  private void launch(String name, AttentionCall call, Tensor... rest) {
    launch(work, tiles.of(call), kernel(name, call), Grid.BLOCK, call, rest);
  }

  /** A block for each tile and head; tensors of rank 2 and 3 come with their views. */
  static void launch(
      Work work, Tensor table, Kernel kernel, int block, AttentionCall call, Tensor... rest) {
    List<@Nullable Object> arguments = new ArrayList<>();
    Collections.addAll(arguments, table, call.heads(), call.headSize(), call.scale());
    for (Tensor t : new Tensor[] {call.q(), call.k(), call.v()}) {
      Collections.addAll(arguments, t, AttentionCall.view(t));
    }
    Collections.addAll(
        arguments, call.keyBias(), call.biasView(), call.threshold(), call.grow(), call.key());
    for (Tensor t : rest) {
      arguments.add(t);
      if (t.rank() > 1) {
        arguments.add(AttentionCall.view(t));
      }
    }
    int blocks = Math.multiplyExact(table.dim(0), call.heads());
    work.launch(kernel, new Grid(blocks, 1, block), arguments.toArray());
  }
}
