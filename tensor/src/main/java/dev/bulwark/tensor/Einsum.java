package dev.bulwark.tensor;

import dev.bulwark.tensor.backend.Reduce;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sums of products named by labels, as one matrix product of permuted views. */
final class Einsum {
  private final String formula;
  private final String left;
  private final String right;
  private final String out;

  private Einsum(String formula, String left, String right, String out) {
    this.formula = formula;
    this.left = left;
    this.right = right;
    this.out = out;
  }

  static Tensor of(String formula, Tensor... operands) {
    String compact = formula.replace(" ", "");
    int arrow = compact.indexOf("->");
    check(arrow >= 0, formula, "needs '->' before the labels of the result");
    String[] in = compact.substring(0, arrow).split(",", -1);
    check(in.length <= 2, formula, "has more than two operands; apply it in steps");
    check(
        in.length == operands.length,
        formula,
        "names " + in.length + " operands, but " + operands.length + " were given");
    String out = compact.substring(arrow + 2);
    for (int i = 0; i < in.length; i++) {
      checkLabels(formula, in[i]);
      check(
          in[i].length() == operands[i].rank(),
          formula,
          "gives '" + in[i] + "' to " + operands[i].describe() + " of another rank");
    }
    checkLabels(formula, out);
    Einsum e = new Einsum(formula, in[0], in.length == 2 ? in[1] : "", out);
    e.checkOutput();
    return in.length == 2 ? e.product(operands[0], operands[1]) : e.single(operands[0]);
  }

  private Tensor single(Tensor x) {
    Tensor kept = sumUnused(x, left, out);
    return arrange(kept, common(left, out), out).contiguous();
  }

  private Tensor product(Tensor a, Tensor b) {
    checkSizes(a, b);
    Tensor x = sumUnused(a, left, right + out);
    Tensor y = sumUnused(b, right, left + out);
    String ofX = common(left, right + out);
    String ofY = common(right, left + out);
    String batch = common(common(ofX, ofY), out);
    String summed = without(common(ofX, ofY), out);
    String rows = without(ofX, ofY);
    String columns = without(ofY, ofX);
    // [batch..., rows, summed] times [batch..., summed, columns]; a group of one label needs no
    // copy.
    Tensor p =
        matrices(x, ofX, batch, rows, summed).matmul(matrices(y, ofY, batch, summed, columns));
    int[] dims = new int[batch.length() + rows.length() + columns.length()];
    for (int i = 0; i < dims.length; i++) {
      char label = (batch + rows + columns).charAt(i);
      int at = ofX.indexOf(label);
      dims[i] = at >= 0 ? x.dim(at) : y.dim(ofY.indexOf(label));
    }
    return arrange(p.reshape(dims), batch + rows + columns, out).contiguous();
  }

  /** Sums over the axes whose label is nowhere else. */
  private static Tensor sumUnused(Tensor x, String labels, String elsewhere) {
    int[] axes =
        IntStream.range(0, labels.length())
            .filter(i -> elsewhere.indexOf(labels.charAt(i)) < 0)
            .toArray();
    if (axes.length == 0) {
      return x;
    }
    Tensor sums = x.reduce(Reduce.SUM, axes);
    for (int i = axes.length - 1; i >= 0; i--) {
      sums = sums.squeeze(axes[i]);
    }
    return sums;
  }

  /** The axes in this order: batch axes one by one, then two groups, each one axis. */
  private static Tensor matrices(Tensor x, String labels, String batch, String rows, String cols) {
    Tensor ordered = arrange(x, labels, batch + rows + cols);
    if (rows.length() == 1 && cols.length() == 1) {
      return ordered;
    }
    int[] dims = Arrays.copyOf(ordered.shape().dims(), batch.length() + 2);
    dims[batch.length()] = size(ordered, batch.length(), rows.length());
    dims[batch.length() + 1] = size(ordered, batch.length() + rows.length(), cols.length());
    return ordered.reshape(dims);
  }

  private static int size(Tensor x, int first, int count) {
    int n = 1;
    for (int axis = first; axis < first + count; axis++) {
      n *= x.dim(axis);
    }
    return n;
  }

  private static Tensor arrange(Tensor x, String labels, String order) {
    return x.permute(order.chars().map(labels::indexOf).toArray());
  }

  private static String common(String a, String b) {
    return filter(a, b, true);
  }

  private static String without(String a, String b) {
    return filter(a, b, false);
  }

  private static String filter(String a, String b, boolean present) {
    StringBuilder kept = new StringBuilder();
    a.chars().filter(c -> b.indexOf(c) >= 0 == present).forEach(c -> kept.append((char) c));
    return kept.toString();
  }

  private void checkOutput() {
    for (int i = 0; i < out.length(); i++) {
      char label = out.charAt(i);
      check(
          left.indexOf(label) >= 0 || right.indexOf(label) >= 0,
          formula,
          "has label '" + label + "' in the result only");
    }
  }

  private void checkSizes(Tensor a, Tensor b) {
    for (int i = 0; i < left.length(); i++) {
      int j = right.indexOf(left.charAt(i));
      if (j >= 0) {
        check(
            a.dim(i) == b.dim(j),
            formula,
            "has label '%s' of size %d in %s and %d in %s"
                .formatted(left.charAt(i), a.dim(i), a.describe(), b.dim(j), b.describe()));
      }
    }
    Checks.sameType("einsum", a, b);
  }

  private static void checkLabels(String formula, String labels) {
    for (int i = 0; i < labels.length(); i++) {
      char c = labels.charAt(i);
      check(
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'),
          formula,
          "has '" + c + "' where a label (a letter) should be");
      check(
          labels.indexOf(c) == i,
          formula,
          "repeats label '" + c + "' in '" + labels + "'; take the diagonal first");
    }
  }

  private static void check(boolean holds, String formula, String problem) {
    if (!holds) {
      throw new ShapeException("einsum: '" + formula + "' " + problem);
    }
  }
}
