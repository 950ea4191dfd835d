package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Softmax, its logarithm and cross-entropy: a block of threads for each row, any strides. */
final class Softmaxes {
  private static final Kernel SOFTMAX = Program.SOFTMAX.kernel("bk_softmax");
  private static final Kernel SOFTMAX_GRAD = Program.SOFTMAX.kernel("bk_softmax_grad");
  private static final Kernel LOG_SOFTMAX = Program.SOFTMAX.kernel("bk_log_softmax");
  private static final Kernel LOG_SOFTMAX_GRAD = Program.SOFTMAX.kernel("bk_log_softmax_grad");
  private static final Kernel CROSS_ENTROPY = Program.SOFTMAX.kernel("bk_cross_entropy");
  private static final Kernel CROSS_ENTROPY_GRAD = Program.SOFTMAX.kernel("bk_cross_entropy_grad");

  private final Work work;

  Softmaxes(Work work) {
    this.work = work;
  }

  void softmax(Tensor x, Tensor y) {
    Operands.requireF32("softmax", x, y);
    launch(SOFTMAX, x.rank(), x, y);
  }

  void softmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Operands.requireF32("softmaxGrad", y, dy, dx);
    launch(SOFTMAX_GRAD, y.rank(), y, dy, dx);
  }

  void logSoftmax(Tensor x, Tensor y) {
    Operands.requireF32("logSoftmax", x, y);
    launch(LOG_SOFTMAX, x.rank(), x, y);
  }

  void logSoftmaxGrad(Tensor y, Tensor dy, Tensor dx) {
    Operands.requireF32("logSoftmaxGrad", y, dy, dx);
    launch(LOG_SOFTMAX_GRAD, y.rank(), y, dy, dx);
  }

  void crossEntropy(Tensor logits, Tensor labels, Tensor losses) {
    Operands.requireF32("crossEntropy", logits, losses);
    requireI32(labels);
    if (logits.dim(1) == 0) {
      losses.kernels().fill(losses, 0); // without classes every label says that it is ignored
    } else {
      launch(CROSS_ENTROPY, 2, logits, labels, losses);
    }
  }

  void crossEntropyGrad(Tensor logits, Tensor labels, Tensor dLosses, Tensor dLogits) {
    Operands.requireF32("crossEntropyGrad", logits, dLosses, dLogits);
    requireI32(labels);
    launch(CROSS_ENTROPY_GRAD, 2, logits, labels, dLosses, dLogits);
  }

  /** Operands of that rank hold rows, the first one does; others hold one element for each row. */
  private void launch(Kernel kernel, int rank, Tensor... operands) {
    if (operands[0].size() == 0) {
      return;
    }
    int columns = operands[0].dim(-1);
    Tensor[] firsts = new Tensor[operands.length]; // first elements of the rows
    for (int k = 0; k < firsts.length; k++) {
      firsts[k] = operands[k].rank() == rank ? operands[k].select(-1, 0) : operands[k];
    }
    View.each(
        v -> {
          List<Object> arguments = new ArrayList<>();
          for (int k = 0; k < operands.length; k++) {
            arguments.add(operands[k]);
            arguments.add(v.of(k));
            if (operands[k].rank() == rank) {
              arguments.add(operands[k].stride(-1));
            }
          }
          arguments.addAll(List.of(v.dims(), v.size(), columns));
          work.launch(kernel, Grid.rows(v.size(), columns), arguments.toArray());
        },
        firsts);
  }

  private static void requireI32(Tensor labels) {
    if (labels.dtype() != DType.I32) {
      throw new UnsupportedOperationException(
          "cross-entropy: labels must be I32, but are " + labels.describe());
    }
  }
}
