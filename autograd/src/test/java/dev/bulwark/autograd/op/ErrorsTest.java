package dev.bulwark.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.autograd.Messages;
import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.AttentionSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What ops say when operands do not fit. */
final class ErrorsTest {
  private static Variable f32(int... dims) {
    return Variable.leaf("w", Tensor.zeros(Shape.of(dims), DType.F32));
  }

  private static Tensor ids(int... values) {
    return Tensor.of(Shape.of(values.length), values);
  }

  private static void assertSays(String expected, Executable body) {
    Messages.assertSays(assertThrows(ShapeException.class, body), expected);
  }

  @Test
  void aProductSaysWhichSizesDifferAndGuesses() {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> ModulePath.within("encoder", () -> Matmul.matmul(f32(2, 3), f32(4, 3))));
    assertEquals(
        "matmul: a f32[2, 3], b f32[4, 3]: inner sizes 3 and 4 differ; did you mean b transposed?"
            + " at encoder",
        e.getMessage());
    assertSays("did you mean w transposed?", () -> Matmul.linear(f32(2, 3), f32(3, 5), null));
    assertSays("bias must have shape [5]", () -> Matmul.linear(f32(2, 3), f32(5, 3), f32(4)));
  }

  @Test
  void typesMustAgree() {
    Variable f64 = Variable.constant(Tensor.zeros(Shape.of(2), DType.F64));
    assertSays("add: a f32[2], b f64[2]: the types differ", () -> Elementwise.add(f32(2), f64));
    Variable whole = Variable.constant(ids(1, 2));
    assertSays("needs F32 or F64", () -> Elementwise.exp(whole));
    assertSays("condition must be U8", () -> Elementwise.where(ids(1, 2), f32(2), f32(2)));
  }

  @Test
  void shapesMustBroadcast() {
    assertSays("mul: shapes [2, 3] and [4]", () -> Elementwise.mul(f32(2, 3), f32(4)));
  }

  @Test
  void aWrongIdIsNamed() {
    IndexOutOfBoundsException e =
        assertThrows(
            IndexOutOfBoundsException.class, () -> Indexing.embedding(f32(10, 4), ids(3, 12), -1));
    Messages.assertSays(e, "embedding: index 12 (number 1 of i32[2])");
    Messages.assertSays(e, "leaf 'w' f32[10, 4]");
    assertSays("must be distinct", () -> Indexing.scatterRows(f32(2, 3), ids(1, 1), 4));
  }

  @Test
  void aWrongLabelIsNamed() {
    assertSays(
        "label 3 of row 1 is neither a class nor -100",
        () -> Losses.crossEntropy(f32(2, 3), ids(0, 3)));
    assertSays("needs logits [N, C] and labels [N]", () -> Losses.crossEntropy(f32(2, 3), ids(0)));
  }

  @Test
  void joinedTensorsMustFit() {
    assertSays(
        "concat: x0 f32[2, 3], x1 f32[3, 3]", () -> Views.concat(List.of(f32(2, 3), f32(3, 3)), 1));
    assertSays("do not fill axis 0", () -> Views.split(f32(5), 0, 2, 2));
  }

  @Test
  void attentionChecksItsSequences() {
    Variable q = f32(3, 1, 2);
    AttentionSpec short2 = new AttentionSpec(new int[] {0, 2}, 1, 0, Rng.seed(0));
    assertSays(
        "offsets [0, 2] must ascend from 0 to T", () -> Attention.attention(q, q, q, short2, null));
    AttentionSpec fits = new AttentionSpec(new int[] {0, 3}, 1, 0, Rng.seed(0));
    assertSays(
        "keyBias must have shape [3]",
        () -> Attention.attention(q, q, q, fits, Tensor.zeros(Shape.of(2), DType.F32)));
  }
}
