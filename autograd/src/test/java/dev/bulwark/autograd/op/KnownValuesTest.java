package dev.bulwark.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Ops against numbers computed by PyTorch 2.13 in F64, and at the points without a derivative. */
final class KnownValuesTest {
  private final Variable a = leaf(Shape.of(2, 3), 0.5, -1.2, 2.0, 1.5, 0.3, -0.7);
  private final Variable b = leaf(Shape.of(2, 3), -0.4, 0.9, 1.1, 0.2, -2.0, 0.6);

  private static Variable leaf(Shape shape, double... values) {
    return Variable.leaf("x", Tensor.of(shape, values));
  }

  private static Tensor labels(int... values) {
    return Tensor.of(Shape.of(values.length), values);
  }

  private static void assertNumbers(Tensor actual, double... expected) {
    assertArrayEquals(expected, actual.toDoubles(), 1e-12);
  }

  @Test
  void crossEntropyIsPyTorchs() {
    Variable loss = Losses.crossEntropy(a, labels(2, 0));
    assertEquals(0.2896007068966563, loss.item(), 1e-14);
    assertNumbers(
        loss.backward().get(a),
        0.08827102943318557,
        0.016125662728617002,
        -0.10439669216180258,
        -0.14589169177929523,
        0.10665537282609833,
        0.03923631895319688);
  }

  @Test
  void ignoredRowsDoNotCount() {
    assertEquals(
        0.23419613713579818, Losses.crossEntropy(a, labels(2, Losses.IGNORED)).item(), 1e-14);
    assertNumbers(
        Losses.crossEntropyRows(a, labels(2, Losses.IGNORED)).value(), 0.23419613713579818, 0);
  }

  @Test
  void crossEntropyOfNothingIsZeroAndPassesZeros() {
    Variable loss = Losses.crossEntropy(a, labels(Losses.IGNORED, Losses.IGNORED));
    assertEquals(0, loss.item());
    assertNumbers(loss.backward().get(a), new double[6]);
  }

  @Test
  void smoothedCrossEntropyIsPyTorchs() {
    assertEquals(0.4246007068966563, Losses.crossEntropy(a, labels(2, 0), 0.1).item(), 1e-14);
    Variable loss = Losses.crossEntropy(a, labels(2, Losses.IGNORED), 0.1);
    assertEquals(0.39086280380246485, loss.item(), 1e-14);
    assertNumbers(
        loss.backward().get(a),
        0.14320872553303782,
        -0.001082007876099328,
        -0.14212671765693852,
        0,
        0,
        0);
  }

  @Test
  void divergencesArePyTorchs() {
    Variable kl = Losses.klDivergence(a, b);
    assertEquals(0.5018548748936811, kl.item(), 1e-14);
    assertNumbers(
        kl.backward().get(b),
        -0.03363210699163336,
        0.18436075330847693,
        -0.15072864631684357,
        -0.16199478770849382,
        -0.08536858798923834,
        0.2473633756977322);
    Variable symmetric = Losses.symmetricKl(a, b);
    assertEquals(1.281595624728773, symmetric.item(), 1e-14);
    assertNumbers(
        symmetric.backward().get(a),
        0.042172680087717615,
        -0.2311775195037053,
        0.18900483941598764,
        0.15870799437198488,
        0.19103399768662865,
        -0.34974199205861356);
  }

  @Test
  void otherLossesArePyTorchs() {
    assertEquals(2.45, Losses.mse(a, b).item(), 1e-14);
    Tensor targets = Tensor.of(Shape.of(2, 3), 0.0, 1, 0.5, 1, 0.2, 0);
    assertEquals(0.8272070056496412, Losses.binaryCrossEntropyWithLogits(a, targets).item(), 1e-14);
    Variable nce = Losses.infoNce(a, b, 0.3);
    assertEquals(1.0756820213285485, nce.item(), 1e-14);
    assertNumbers(
        nce.backward().get(b),
        0.0077160796861302505,
        0.778713380858417,
        -0.6343232826346573,
        -0.13317216534301027,
        0.13740426020219387,
        0.5024049224549834);
  }

  @Test
  void statisticsArePyTorchs() {
    assertNumbers(Similarity.cosine(a, b, -1).value(), 0.2612182089313818, -0.2040388844481578);
    assertEquals(3.776666666666667, Reductions.variance(a, 1, 1).sum().item(), 1e-14);
    assertNumbers(
        Reductions.logSumExp(a, 0).value(),
        1.8132616875182228,
        0.5014132779827525,
        2.0650435617765903);
  }

  @Test
  void layerNormIsPyTorchs() {
    Variable y =
        Normalisation.layerNorm(
            a,
            Variable.constant(Tensor.of(Shape.of(3), 1.0, 2, 3)),
            Variable.constant(Tensor.of(Shape.of(3), 0.1, 0.2, 0.3)),
            1e-5);
    assertNumbers(
        y.value(),
        0.15099769617374073,
        -2.298887112513296,
        3.895337580248722,
        1.3601160491690703,
        0.05175105303893285,
        -3.25797472706561);
  }

  @Test
  void tiesShareTheGradientEvenly() {
    Variable x = leaf(Shape.of(2, 3), 1, 1, 0, 5, 5, 5);
    assertNumbers(
        Reductions.max(x, 1).sum().backward().get(x), 0.5, 0.5, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0);
    Variable y = leaf(Shape.of(3), 1, 2, 3);
    Variable z = leaf(Shape.of(3), 1, 3, 2);
    Gradients g = Elementwise.maximum(y, z).sum().backward();
    assertNumbers(g.get(y), 0.5, 0, 1);
    assertNumbers(g.get(z), 0.5, 1, 0);
  }

  @Test
  void kinksAndZerosHaveTheSlopesThatAreDocumented() {
    Variable zero = leaf(Shape.of(2), 0, 0);
    assertNumbers(Elementwise.relu(zero).sum().backward().get(zero), 0, 0);
    assertNumbers(Elementwise.abs(zero).sum().backward().get(zero), 0, 0);
    assertNumbers(Elementwise.pow(zero, 0).sum().backward().get(zero), 0, 0);
    assertNumbers(Reductions.l2Norm(zero).backward().get(zero), 0, 0);
    assertNumbers(Similarity.cosine(zero, zero, 0).value(), 0);
    Variable bound = leaf(Shape.of(3), -1, 1, 2);
    assertNumbers(Elementwise.clamp(bound, -1, 1).sum().backward().get(bound), 1, 1, 0);
  }

  @Test
  void logSumExpKnowsInfinities() {
    double inf = Double.POSITIVE_INFINITY;
    Variable x = leaf(Shape.of(3, 2), -inf, -inf, -inf, 1, inf, 1);
    Variable y = Reductions.logSumExp(x, 1);
    assertNumbers(y.value(), -inf, 1, inf);
    Tensor seed = Tensor.of(Shape.of(3), 1.0, 1, 0);
    assertNumbers(
        y.backward(seed, dev.bulwark.autograd.Release.RETAIN).get(x).slice(0, 0, 2), 0, 0, 0, 1);
  }

  @Test
  void logSumExpDoesNotOverflowInSinglePrecision() {
    Variable x = Variable.constant(Tensor.of(Shape.of(2), 1000f, 1000f));
    assertEquals(1000 + Math.log(2), Reductions.logSumExp(x, 0).item(), 1e-4);
  }

  @Test
  void thePaddingRowGetsNoGradient() {
    Variable table = leaf(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Variable rows = Indexing.embedding(table, Tensor.of(Shape.of(2, 2), 0, 2, 2, 1), 0);
    assertEquals(Shape.of(2, 2, 2), rows.shape());
    assertNumbers(rows.value(), 1, 2, 5, 6, 5, 6, 3, 4);
    assertNumbers(rows.sum().backward().get(table), 0, 0, 1, 1, 2, 2);
  }

  @Test
  void dropoutKeepsTheMeanAndIsTheIdentityWithoutProbability() {
    Variable x = Variable.constant(Tensor.full(Shape.of(10_000), DType.F32, 1));
    assertSame(x, Dropout.dropout(x, 0, Rng.seed(1)));
    assertEquals(1, Dropout.dropout(x, 0.3, Rng.seed(1)).mean().item(), 0.03);
  }

  @Test
  void sortingTellsWhereElementsWere() {
    Variable x = leaf(Shape.of(4), 3, 1, 4, 2);
    Indexing.Sorted top = Indexing.topK(x, 2);
    assertNumbers(top.values().value(), 4, 3);
    assertArrayEquals(new int[] {2, 0}, top.indices().toInts());
    assertNumbers(Indexing.sort(x, false).values().value(), 1, 2, 3, 4);
  }

  @Test
  void scatteredRowsAreGatheredBack() {
    Tensor ids = labels(3, 0);
    Variable placed = Indexing.scatterRows(a, ids, 4);
    assertEquals(Shape.of(4, 3), placed.shape());
    assertNumbers(Indexing.gatherRows(placed, ids).value(), a.value().toDoubles());
    assertNumbers(placed.value().slice(0, 1, 3), new double[6]);
  }
}
