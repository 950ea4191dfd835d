package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention by batched matrix products, so by the vendor's library where there is one, and one
 * kernel between them. The matrix of scores exists, but only within a call: the backward computes
 * it again. Neighbouring sequences of one length go together, all heads in one batch; each length
 * costs a few launches more.
 */
final class AttentionByProducts implements AttentionPath {
  private static final Kernel SOFTMAX = Program.ATTENTION_ROWS.kernel("bk_attention_softmax");
  private static final Kernel SOFTMAX_GRAD =
      Program.ATTENTION_ROWS.kernel("bk_attention_softmax_grad");
  private static final int ROWS_PER_BLOCK = 8;
  private static final long MOST_SCORES = 1 << 26; // at once: 256 MiB

  private final Work work;
  private final Products products;

  AttentionByProducts(Work work, Products products) {
    this.work = work;
    this.products = products;
  }

  /** Sequences of one length, and heads, that go together. */
  private record Group(
      AttentionCall call, int sequence, int sequences, int length, int head, int heads) {
    int rows() {
      return Math.multiplyExact(heads * sequences, length);
    }

    /** This group's part of [T, A, D], as [heads * sequences, length, D]. */
    Tensor of(Tensor t) {
      Tensor part = inPlace(t);
      return sequences == 1 ? part : part.contiguous().reshape(heads * sequences, length, t.dim(2));
    }

    /** This group's part of [T, A, D], as [heads, sequences * length, D]. */
    Tensor inPlace(Tensor t) {
      int first = call.spec().offsets()[sequence];
      return t.slice(0, first, first + sequences * length)
          .slice(1, head, head + heads)
          .permute(1, 0, 2);
    }

    Tensor scores() {
      Shape shape = Shape.of(heads * sequences, length, length);
      return Tensor.empty(shape, DType.F32, call.q().backend());
    }
  }

  @FunctionalInterface
  private interface Action {
    void on(Group group);
  }

  private static void each(AttentionCall call, Action action) {
    int sequences = call.spec().sequences();
    for (int b = 0, next; b < sequences; b = next) {
      int length = call.length(b);
      long scores = Math.max(1, (long) length * length); // of one head
      next = b + 1;
      while (next < sequences
          && call.length(next) == length
          && (next + 1 - b) * scores * call.heads() <= MOST_SCORES) {
        next++;
      }
      int heads = Math.clamp(MOST_SCORES / (scores * (next - b)), 1, call.heads());
      for (int a = 0; a < call.heads() && length > 0; a += heads) {
        int some = Math.min(heads, call.heads() - a);
        Group group = new Group(call, b, next - b, length, a, some);
        Scope.run("group", () -> action.on(group));
      }
    }
  }

  @Override
  public void forward(AttentionCall call, Tensor out, Tensor logSums) {
    each(
        call,
        g -> {
          Tensor scores = g.scores();
          products.gemm(1, g.of(call.q()), g.of(call.k()).transpose(1, 2), 0, scores);
          softmax(g, SOFTMAX, scores, null, logSums);
          multiply(g, 1, scores, g.of(call.v()), out);
        });
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
    each(
        call,
        g -> {
          Tensor q = g.of(call.q());
          Tensor k = g.of(call.k());
          Tensor dy = g.of(dOut);
          Tensor scores = g.scores();
          Tensor grads = g.scores();
          products.gemm(1, q, k.transpose(1, 2), 0, scores);
          products.gemm(1, dy, g.of(call.v()).transpose(1, 2), 0, grads);
          softmax(g, SOFTMAX_GRAD, scores, grads, logSums);
          multiply(g, 1, scores.transpose(1, 2), dy, dv);
          multiply(g, call.scale(), grads, k, dq);
          multiply(g, call.scale(), grads.transpose(1, 2), q, dk);
        });
  }

  /** A product into the group's part of a result. */
  private void multiply(Group g, double alpha, Tensor a, Tensor b, Tensor result) {
    if (g.sequences == 1) {
      products.gemm(alpha, a, b, 0, g.inPlace(result));
      return;
    }
    Tensor part = g.inPlace(result);
    Tensor dense = Operands.scratch(part);
    products.gemm(alpha, a, b, 0, dense.reshape(a.dim(0), g.length, result.dim(2)));
    part.kernels().copy(dense, part);
  }

  private void softmax(
      Group g, Kernel kernel, Tensor scores, @Nullable Tensor grads, Tensor logSums) {
    AttentionCall call = g.call;
    int rows = g.rows();
    @Nullable Object[] common = {
      rows,
      g.length,
      g.sequences,
      call.heads(),
      g.head,
      call.spec().offsets()[g.sequence],
      call.scale(),
      call.keyBias(),
      call.biasView(),
      call.threshold(),
      call.grow(),
      call.key(),
      call.spec().dropoutBases(call.heads())[g.sequence],
      logSums,
      AttentionCall.view(logSums)
    };
    @Nullable Object[] first = grads == null ? new Object[] {scores} : new Object[] {scores, grads};
    @Nullable Object[] all = new Object[first.length + common.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(common, 0, all, first.length, common.length);
    work.launch(kernel, Grid.rows(Math.ceilDiv(rows, ROWS_PER_BLOCK)), all);
  }
}
