package dev.bulwark.autograd.op;

import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How to draw a random case of every public op, by signature. */
final class OpCases {
  /** An op with its numbers fixed, and operands to try it on. */
  record Case(Function<List<Variable>, Variable> op, List<Tensor> inputs) {}

  private static final Map<String, Function<Draw, Case>> ALL = new LinkedHashMap<>();

  private OpCases() {}

  /** All cases, from signature to a way to draw one. */
  static Map<String, Function<Draw, Case>> all() {
    return ALL;
  }

  static {
    elementwise();
    reductions();
    matmul();
    views();
    indexing();
    fused();
    losses();
  }

  private static void put(String signature, Function<Draw, Case> draw) {
    if (ALL.put(signature, draw) != null) {
      throw new IllegalStateException("two cases for " + signature);
    }
  }

  private static void unary(
      String name, UnaryOperator<Variable> op, Function<Draw, Tensor> operand) {
    put(
        "Elementwise." + name + "(Variable)",
        d -> new Case(in -> op.apply(in.get(0)), List.of(operand.apply(d))));
  }

  private static void binary(
      String name, BinaryOperator<Variable> op, Function<Draw, Case> operands) {
    put(
        "Elementwise." + name + "(Variable,Variable)",
        d -> new Case(in -> op.apply(in.get(0), in.get(1)), operands.apply(d).inputs()));
  }

  private static Tensor any(Draw d) {
    return d.normal(d.shapeOrEmpty(0, 4));
  }

  private static Tensor kinked(Draw d) {
    return d.awayFromZero(d.shapeOrEmpty(0, 4));
  }

  private static Tensor positive(Draw d) {
    return d.uniform(d.shapeOrEmpty(0, 4), 0.3, 3);
  }

  /** Two operands that broadcast, in either order. */
  private static Case pair(Draw d, Function<Shape, Tensor> first, Function<Shape, Tensor> second) {
    Shape s = d.shapeOrEmpty(0, 4);
    return d.chance(0.5)
        ? new Case(in -> in.get(0), List.of(first.apply(s), second.apply(d.partner(s))))
        : new Case(in -> in.get(0), List.of(first.apply(d.partner(s)), second.apply(s)));
  }

  private static void elementwise() {
    binary("add", Elementwise::add, d -> pair(d, d::normal, d::normal));
    binary("sub", Elementwise::sub, d -> pair(d, d::normal, d::normal));
    binary("mul", Elementwise::mul, d -> pair(d, d::normal, d::normal));
    binary("div", Elementwise::div, d -> pair(d, d::normal, s -> d.uniform(s, 0.5, 2)));
    // distinct numbers lie off the tenths, whole tenths on them: no ties
    binary("maximum", Elementwise::maximum, d -> pair(d, d::distinct, s -> tenths(d, s)));
    binary("minimum", Elementwise::minimum, d -> pair(d, d::distinct, s -> tenths(d, s)));
    put(
        "Elementwise.where(Tensor,Variable,Variable)",
        d -> {
          Shape s = d.shapeOrEmpty(0, 3);
          Tensor condition = d.flags(d.partner(s));
          return new Case(
              in -> Elementwise.where(condition, in.get(0), in.get(1)),
              List.of(d.normal(d.partner(s)), d.normal(s)));
        });
    put(
        "Elementwise.maskedFill(Variable,Tensor,double)",
        d -> {
          Shape s = d.shapeOrEmpty(0, 3);
          Tensor mask = d.flags(d.partner(s));
          return new Case(in -> Elementwise.maskedFill(in.get(0), mask, -3), List.of(d.normal(s)));
        });
    put(
        "Elementwise.affine(Variable,double,double)",
        d -> {
          double factor = d.uniform(-2, 2);
          return new Case(in -> Elementwise.affine(in.get(0), factor, 0.7), List.of(any(d)));
        });
    put(
        "Elementwise.pow(Variable,double)",
        d -> {
          double power = List.of(0.0, 1.0, 2.0, 3.0, 0.5, -1.0, -1.7).get(d.between(0, 6));
          return new Case(in -> Elementwise.pow(in.get(0), power), List.of(positive(d)));
        });
    put(
        "Elementwise.clamp(Variable,double,double)",
        d ->
            new Case(
                in -> Elementwise.clamp(in.get(0), -0.2, 0.3),
                List.of(d.distinct(d.shapeOrEmpty(0, 3)))));
    unary("neg", Elementwise::neg, OpCases::any);
    unary("abs", Elementwise::abs, OpCases::kinked);
    unary("square", Elementwise::square, OpCases::any);
    unary("sqrt", Elementwise::sqrt, OpCases::positive);
    unary("reciprocal", Elementwise::reciprocal, OpCases::positive);
    unary("exp", Elementwise::exp, OpCases::any);
    unary("log", Elementwise::log, OpCases::positive);
    unary("tanh", Elementwise::tanh, OpCases::any);
    unary("sigmoid", Elementwise::sigmoid, OpCases::any);
    unary("softplus", Elementwise::softplus, OpCases::any);
    unary("relu", Elementwise::relu, OpCases::kinked);
    unary("erf", Elementwise::erf, OpCases::any);
    unary("gelu", Elementwise::gelu, OpCases::any);
    unary("geluTanh", Elementwise::geluTanh, OpCases::any);
    unary("silu", Elementwise::silu, OpCases::any);
    unary("sin", Elementwise::sin, OpCases::any);
    unary("cos", Elementwise::cos, OpCases::any);
  }

  private static Tensor tenths(Draw d, Shape s) {
    double[] values = new double[s.size()];
    Arrays.setAll(values, i -> d.between(-5, 5) * 0.1);
    return Tensor.of(s, values);
  }

  /** Reduces one operand over random axes. */
  private interface OverAxes {
    Variable of(Variable x, int... axes);
  }

  private static void reduction(
      String name, OverAxes op, Function<Draw, Function<Shape, Tensor>> operand) {
    put(
        "Reductions." + name + "(Variable,int[])",
        d -> {
          Shape s = d.shape(0, 4);
          int[] axes = d.axes(s);
          return new Case(in -> op.of(in.get(0), axes), List.of(operand.apply(d).apply(s)));
        });
  }

  private static void alongAxis(
      String signature, Function<Draw, Function<Shape, Tensor>> operand, AlongAxis op) {
    put(
        signature,
        d -> {
          Shape s = d.shape(1, 4);
          int axis = d.axis(s);
          return new Case(in -> op.of(in.get(0), axis), List.of(operand.apply(d).apply(s)));
        });
  }

  private interface AlongAxis {
    Variable of(Variable x, int axis);
  }

  private static void reductions() {
    put(
        "Reductions.sum(Variable,int[])",
        d -> {
          Shape s = d.shapeOrEmpty(0, 4);
          int[] axes = d.axes(s);
          return new Case(in -> Reductions.sum(in.get(0), axes), List.of(d.normal(s)));
        });
    reduction("sumKeeping", Reductions::sumKeeping, d -> d::normal);
    reduction("mean", Reductions::mean, d -> d::normal);
    reduction("meanKeeping", Reductions::meanKeeping, d -> d::normal);
    reduction("max", Reductions::max, d -> d::distinct);
    reduction("min", Reductions::min, d -> d::distinct);
    reduction("l2Norm", Reductions::l2Norm, d -> d::awayFromZero);
    put(
        "Reductions.variance(Variable,int,int[])",
        d -> {
          Shape s = d.shape(0, 4);
          int[] axes = d.axes(s);
          int correction = Operands.count(s, axes) > 1 ? d.between(0, 1) : 0;
          return new Case(
              in -> Reductions.variance(in.get(0), correction, axes), List.of(d.normal(s)));
        });
    alongAxis("Reductions.logSumExp(Variable,int)", d -> d::normal, Reductions::logSumExp);
    alongAxis("Reductions.cumulativeSum(Variable,int)", d -> d::normal, Reductions::cumulativeSum);
  }

  private static void matmul() {
    put(
        "Matmul.matmul(Variable,Variable)",
        d -> {
          Shape batch = d.chance(0.3) ? Shape.of() : d.shape(0, 2);
          int inner = d.size();
          Shape a = matrices(d.chance(0.5) ? batch : d.partner(batch), d.size(), inner);
          Shape b = matrices(d.chance(0.5) ? d.partner(batch) : batch, inner, d.size());
          return new Case(
              in -> Matmul.matmul(in.get(0), in.get(1)), List.of(d.normal(a), d.normal(b)));
        });
    put(
        "Matmul.linear(Variable,Variable,Variable)",
        d -> {
          Shape lead = d.shapeOrEmpty(0, 2);
          int[] dims = Arrays.copyOf(lead.dims(), lead.rank() + 1);
          int k = d.size();
          int n = d.size();
          dims[lead.rank()] = k;
          Tensor x = d.normal(Shape.of(dims));
          Tensor w = d.normal(Shape.of(n, k));
          return d.chance(0.7)
              ? new Case(
                  in -> Matmul.linear(in.get(0), in.get(1), in.get(2)),
                  List.of(x, w, d.normal(Shape.of(n))))
              : new Case(in -> Matmul.linear(in.get(0), in.get(1), null), List.of(x, w));
        });
    put(
        "Matmul.einsum(String,Variable,Variable)",
        d -> {
          String formula =
              List.of(
                      "bhqd,bhkd->bhqk",
                      "bqk,bkd->bqd",
                      "ij,jk->ki",
                      "ij,kj->",
                      "i,j->ij",
                      "ab,b->a")
                  .get(d.between(0, 5));
          String[] labels = formula.split(",|->", -1);
          Map<Character, Integer> sizes = new LinkedHashMap<>();
          formula.chars().forEach(c -> sizes.put((char) c, d.between(1, 3)));
          Function<String, Tensor> operand =
              s -> d.normal(Shape.of(s.chars().map(c -> sizes.get((char) c)).toArray()));
          return new Case(
              in -> Matmul.einsum(formula, in.get(0), in.get(1)),
              List.of(operand.apply(labels[0]), operand.apply(labels[1])));
        });
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
    dims[batch.rank()] = rows;
    dims[batch.rank() + 1] = columns;
    return Shape.of(dims);
  }

  private static void view(String signature, int lowestRank, Function<Draw, ViewOf> op) {
    put(
        signature,
        d -> {
          Shape s = d.shape(lowestRank, 4);
          Function<Variable, Variable> f = op.apply(d).on(s);
          return new Case(in -> f.apply(in.get(0)), List.of(d.normal(s)));
        });
  }

  private interface ViewOf {
    Function<Variable, Variable> on(Shape s);
  }

  private static void views() {
    view(
        "Views.reshape(Variable,int[])",
        0,
        d -> s -> d.chance(0.5) ? x -> Views.reshape(x, -1) : x -> Views.reshape(x, 1, s.size()));
    view(
        "Views.transpose(Variable,int,int)",
        1,
        d ->
            s -> {
              int a = d.axis(s);
              int b = d.axis(s);
              return x -> Views.transpose(x, a, b);
            });
    view(
        "Views.permute(Variable,int[])",
        1,
        d ->
            s -> {
              int[] order = d.stream().permutation(s.rank());
              return x -> Views.permute(x, order);
            });
    view(
        "Views.slice(Variable,int,int,int)",
        1,
        d ->
            s -> {
              int axis = d.axis(s);
              int from = d.between(0, s.dim(axis));
              int end = d.between(from, s.dim(axis));
              return x -> Views.slice(x, axis, from, end);
            });
    view(
        "Views.select(Variable,int,int)",
        1,
        d ->
            s -> {
              int axis = d.axis(s);
              int index = d.between(0, s.dim(axis) - 1);
              return x -> Views.select(x, axis, index);
            });
    put(
        "Views.squeeze(Variable,int)",
        d -> {
          Shape s = d.shape(1, 4);
          int axis = d.axis(s);
          return new Case(in -> Views.squeeze(in.get(0), axis), List.of(d.normal(s.with(axis, 1))));
        });
    view(
        "Views.unsqueeze(Variable,int)",
        0,
        d ->
            s -> {
              int axis = d.between(-s.rank() - 1, s.rank());
              return x -> Views.unsqueeze(x, axis);
            });
    put(
        "Views.expand(Variable,Shape)",
        d -> {
          Shape s = d.shapeOrEmpty(0, 4);
          return new Case(in -> Views.expand(in.get(0), s), List.of(d.normal(d.partner(s))));
        });
    put("Views.concat(List,int)", d -> joined(d, true));
    put("Views.stack(List,int)", d -> joined(d, false));
    put(
        "Views.split(Variable,int,int[])",
        d -> {
          Shape s = d.shape(1, 3);
          int axis = d.axis(s);
          int cut = d.between(0, s.dim(axis));
          int[] sizes = {cut, s.dim(axis) - cut};
          return new Case( // both parts count, with different weights
              in -> {
                List<Variable> parts = Views.split(in.get(0), axis, sizes);
                return parts.get(0).sum().times(3).plus(Elementwise.square(parts.get(1)).sum());
              },
              List.of(d.normal(s)));
        });
    view(
        "Views.pad(Variable,int,int,int,double)",
        1,
        d ->
            s -> {
              int axis = d.axis(s);
              int before = d.between(0, 2);
              int after = d.between(0, 2);
              return x -> Views.pad(x, axis, before, after, -1);
            });
  }

  private static Case joined(Draw d, boolean end) {
    Shape s = d.shape(1, 3);
    int axis = d.axis(s);
    Tensor a = d.normal(s);
    Tensor b = d.normal(end ? s.with(axis, d.between(0, 3)) : s);
    Tensor c = d.normal(s);
    return end
        ? new Case(in -> Views.concat(in, axis), List.of(a, b, c))
        : new Case(in -> Views.stack(in, axis), List.of(a, b, c));
  }

  private static void indexing() {
    put(
        "Indexing.embedding(Variable,Tensor,int)",
        d -> {
          int rows = d.between(2, 7);
          Tensor ids = d.ids(d.shapeOrEmpty(0, 2), rows);
          return new Case(
              in -> Indexing.embedding(in.get(0), ids, -1),
              List.of(d.normal(Shape.of(rows, d.size()))));
        });
    put(
        "Indexing.gatherRows(Variable,Tensor)",
        d -> {
          int rows = d.between(1, 7);
          Tensor ids = d.ids(Shape.of(d.between(0, 9)), rows);
          return new Case(
              in -> Indexing.gatherRows(in.get(0), ids),
              List.of(d.normal(Shape.of(rows, d.size()))));
        });
    put(
        "Indexing.scatterRows(Variable,Tensor,int)",
        d -> {
          int rows = d.between(1, 9);
          int k = d.between(0, rows);
          int[] ids = Arrays.copyOf(d.stream().permutation(rows), k);
          Tensor index = Tensor.of(Shape.of(k), ids);
          return new Case(
              in -> Indexing.scatterRows(in.get(0), index, rows),
              List.of(d.normal(Shape.of(k, d.size()))));
        });
    put(
        "Indexing.gather(Variable,int,Tensor)",
        d -> {
          Shape s = d.shape(1, 3);
          int axis = d.axis(s);
          Tensor index = d.ids(s.with(axis, d.between(0, 4)), s.dim(axis));
          return new Case(in -> Indexing.gather(in.get(0), axis, index), List.of(d.normal(s)));
        });
    put(
        "Indexing.topK(Variable,int)",
        d -> {
          Shape s = d.shape(1, 3);
          int k = d.between(0, s.dim(-1));
          return new Case(in -> Indexing.topK(in.get(0), k).values(), List.of(d.distinct(s)));
        });
    put(
        "Indexing.sort(Variable,boolean)",
        d -> {
          boolean descending = d.chance(0.5);
          return new Case(
              in -> Indexing.sort(in.get(0), descending).values(),
              List.of(d.distinct(d.shape(1, 3))));
        });
  }

  private static void fused() {
    put(
        "Normalisation.layerNorm(Variable,Variable,Variable,double)",
        d -> {
          Shape s = d.shape(1, 3).with(-1, d.between(2, 7));
          Shape last = Shape.of(s.dim(-1));
          return new Case(
              in -> Normalisation.layerNorm(in.get(0), in.get(1), in.get(2), 1e-3),
              List.of(d.normal(s), d.normal(last), d.normal(last)));
        });
    alongAxis("Normalisation.softmax(Variable,int)", d -> d::normal, Normalisation::softmax);
    alongAxis("Normalisation.logSoftmax(Variable,int)", d -> d::normal, Normalisation::logSoftmax);
    put(
        "Attention.attention(Variable,Variable,Variable,AttentionSpec,Tensor)",
        d -> {
          int[] offsets = {0, d.between(1, 4), 0, 0};
          offsets[2] = offsets[1] + d.between(0, 2);
          offsets[3] = offsets[2] + d.between(1, 2);
          Shape s = Shape.of(offsets[3], d.between(1, 2), d.between(1, 3));
          double dropout = d.chance(0.5) ? 0 : 0.3;
          AttentionSpec spec = new AttentionSpec(offsets, 0.6, dropout, d.stream());
          double[] bias = new double[offsets[3]];
          Arrays.setAll(bias, i -> d.chance(0.2) ? Double.NEGATIVE_INFINITY : d.uniform(-1, 1));
          boolean biased = d.chance(0.6);
          return new Case(
              in -> {
                Tensor keyBias = Tensor.of(Shape.of(bias.length), bias);
                return Attention.attention(
                    in.get(0),
                    in.get(1),
                    in.get(2),
                    spec,
                    biased ? keyBias.cast(in.get(0).value().dtype()) : null);
              },
              List.of(d.normal(s), d.normal(s), d.normal(s)));
        });
    put(
        "Dropout.dropout(Variable,double,Rng)",
        d -> {
          Rng rng = d.stream();
          double p = List.of(0.0, 0.1, 0.5, 0.9).get(d.between(0, 3));
          return new Case(in -> Dropout.dropout(in.get(0), p, rng), List.of(any(d)));
        });
    alongAxis("Similarity.normalise(Variable,int)", d -> d::awayFromZero, Similarity::normalise);
    alongAxis(
        "Similarity.normalise(Variable,int,double)",
        d -> d::awayFromZero,
        (x, axis) -> Similarity.normalise(x, axis, 1e-12));
    put(
        "Similarity.cosine(Variable,Variable,int)",
        d -> {
          Shape s = d.shape(1, 3);
          int axis = d.axis(s);
          return new Case(
              in -> Similarity.cosine(in.get(0), in.get(1), axis),
              List.of(d.awayFromZero(s), d.awayFromZero(s)));
        });
  }

  private static Tensor labels(Draw d, int rows, int classes) {
    int[] values = new int[rows];
    Arrays.setAll(values, i -> d.chance(0.2) ? Losses.IGNORED : d.between(0, classes - 1));
    return Tensor.of(Shape.of(rows), values);
  }

  private static void losses() {
    put(
        "Losses.crossEntropyRows(Variable,Tensor)",
        d -> {
          Shape s = Shape.of(d.between(0, 5), d.between(1, 5));
          Tensor labels = labels(d, s.dim(0), s.dim(1));
          return new Case(in -> Losses.crossEntropyRows(in.get(0), labels), List.of(d.normal(s)));
        });
    put(
        "Losses.crossEntropy(Variable,Tensor)",
        d -> {
          Shape s = Shape.of(d.between(0, 5), d.between(1, 5));
          Tensor labels = labels(d, s.dim(0), s.dim(1));
          return new Case(in -> Losses.crossEntropy(in.get(0), labels), List.of(d.normal(s)));
        });
    put(
        "Losses.crossEntropy(Variable,Tensor,double)",
        d -> {
          Shape s = Shape.of(d.between(1, 5), d.between(1, 5));
          Tensor labels = labels(d, s.dim(0), s.dim(1));
          return new Case(in -> Losses.crossEntropy(in.get(0), labels, 0.2), List.of(d.normal(s)));
        });
    rowPair("klDivergence", Losses::klDivergence);
    rowPair("symmetricKl", Losses::symmetricKl);
    put(
        "Losses.mse(Variable,Variable)",
        d -> {
          Shape s = d.shape(0, 3);
          return new Case(
              in -> Losses.mse(in.get(0), in.get(1)), List.of(d.normal(s), d.normal(s)));
        });
    put(
        "Losses.binaryCrossEntropyWithLogits(Variable,Tensor)",
        d -> {
          Shape s = d.shape(0, 3);
          Tensor targets = d.uniform(s, 0, 1);
          return new Case(
              in ->
                  Losses.binaryCrossEntropyWithLogits(
                      in.get(0), targets.cast(in.get(0).value().dtype())),
              List.of(d.normal(s)));
        });
    put(
        "Losses.infoNce(Variable,Variable,double)",
        d -> {
          Shape s = Shape.of(d.between(1, 4), d.between(1, 5));
          return new Case(
              in -> Losses.infoNce(in.get(0), in.get(1), 0.5),
              List.of(d.awayFromZero(s), d.awayFromZero(s)));
        });
  }

  private static void rowPair(String name, BinaryOperator<Variable> op) {
    put(
        "Losses." + name + "(Variable,Variable)",
        d -> {
          Shape s = Shape.of(d.between(1, 5), d.between(1, 5));
          return new Case(in -> op.apply(in.get(0), in.get(1)), List.of(d.normal(s), d.normal(s)));
        });
  }
}
