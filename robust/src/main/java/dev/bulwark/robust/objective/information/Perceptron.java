package dev.bulwark.robust.objective.information;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Matmul;
import dev.bulwark.nn.Init;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.tensor.Tensors;

/** Two linear maps with a ReLU between them: w2 relu(w1 x + b1) + b2. */
final class Perceptron extends Module {
  private final Parameter w1;
  private final Parameter b1;
  private final Parameter w2;
  private final Parameter b2;

  /**
   * Starts as torch.nn.Linear does.
   *
   * @param source gives "w1" [hidden, in], "b1", "w2" [out, hidden] and "b2"
   * @param in size of the input
   * @param hidden size between the maps
   * @param out size of the output
   */
  Perceptron(Source source, int in, int hidden, int out) {
    Init first = uniform(in);
    Init second = uniform(hidden);
    w1 = own(source.parameter("w1", first, hidden, in));
    b1 = own(source.parameter("b1", first, hidden));
    w2 = own(source.parameter("w2", second, out, hidden));
    b2 = own(source.parameter("b2", second, out));
  }

  private static Init uniform(int in) {
    double bound = 1 / Math.sqrt(in);
    return (shape, dtype, rng) -> Tensors.uniform(shape, dtype, -bound, bound, rng);
  }

  /**
   * The output of each row.
   *
   * @param x [N, in]
   * @return [N, out]
   */
  Variable forward(Variable x) {
    return second(Matmul.linear(x, w1.variable(), b1.variable()));
  }

  /**
   * The output of every pair [a; b], without writing the pairs out.
   *
   * @param a [N, in - the width of b]
   * @param b [M, width of b]
   * @return [M * N, out], the pair of b's row r and a's row c at r * N + c
   */
  Variable pairs(Variable a, Variable b) {
    int n = a.dim(0);
    int m = b.dim(0);
    int width = a.dim(1);
    Variable ofA = Matmul.linear(a, w1.variable().slice(1, 0, width), b1.variable());
    Variable ofB = Matmul.linear(b, w1.variable().slice(1, width, width + b.dim(1)), null);
    int hidden = ofA.dim(1);
    Variable sums = ofA.reshape(1, n, hidden).plus(ofB.reshape(m, 1, hidden));
    return second(sums.reshape(m * n, hidden));
  }

  private Variable second(Variable first) {
    return Matmul.linear(Elementwise.relu(first), w2.variable(), b2.variable());
  }
}
