package dev.bulwark.nn.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Golden;
import dev.bulwark.nn.Padding;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The encoder against transformers, state by state and gradient by gradient. */
class BertGoldenTest {
  private static final Context PADDED =
      Context.inference().withPadding(Padding.masked(Double.NEGATIVE_INFINITY));

  @ParameterizedTest
  @CsvSource({"F64, 1e-9", "F32, 2e-5"})
  void everyHiddenStateMatches(DType dtype, double tolerance) {
    Golden golden = Golden.tensors("tiny-cls");
    SequenceClassifier model = TinyBert.classifier(dtype);
    TokenBatch batch = golden.batch();
    Encoded e = model.encoder().encode(PADDED, model.encoder().embed(batch), batch);
    for (int i = 0; i <= 2; i++) {
      Golden.assertClose("hidden " + i, golden.get("hidden." + i), e.hidden(i).value(), tolerance);
    }
    Golden.assertClose("logits", golden.get("logits"), model.logits(PADDED, e).value(), tolerance);
  }

  @ParameterizedTest
  @CsvSource({"F64, 1e-9", "F32, 2e-5"})
  void packedGivesTheSameForRealTokens(DType dtype, double tolerance) {
    Golden golden = Golden.tensors("tiny-cls");
    SequenceClassifier model = TinyBert.classifier(dtype);
    TokenBatch batch = golden.batch();
    Context packed = Context.inference();
    Encoded e = model.encoder().encode(packed, model.encoder().embed(batch), batch);
    assertEquals(Shape.of(batch.tokens(), 24), e.tokens(-1).shape());
    Tensor mask = golden.get("mask").cast(DType.F64).unsqueeze(-1);
    for (int i = 0; i <= 2; i++) {
      Golden.assertClose(
          "hidden " + i, golden.get("hidden." + i).times(mask), e.hidden(i).value(), tolerance);
    }
    Golden.assertClose("logits", golden.get("logits"), model.logits(packed, e).value(), tolerance);
  }

  @ParameterizedTest
  @CsvSource({"true, F64, 1e-9", "false, F64, 1e-9", "true, F32, 2e-5", "false, F32, 2e-5"})
  void everyParameterGradientMatches(boolean packed, DType dtype, double tolerance) {
    Golden golden = Golden.tensors("tiny-cls");
    Golden expected = Golden.tensors("tiny-cls-gradients");
    SequenceClassifier model = TinyBert.classifier(dtype);
    Tensor labels = golden.get("labels");
    Variable loss =
        Losses.crossEntropy(
            model.logits(packed ? Context.inference() : PADDED, golden.batch()), labels);
    assertEquals(golden.get("loss").item(), loss.item(), tolerance);
    Gradients gradients = loss.backward();
    assertEquals(expected.all().keySet(), model.parameters().keySet());
    for (Parameter p : model.parameters().values()) {
      Golden.assertClose(p.name(), expected.get(p.name()), gradients.get(p.leaf()), tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({"F64, 1e-9", "F32, 5e-5"})
  void maskedLanguageModelMatches(DType dtype, double tolerance) {
    Golden golden = Golden.tensors("tiny-mlm");
    MaskedLm model = TinyBert.maskedLm(dtype);
    Golden.assertClose(
        "logits", golden.get("logits"), model.logits(PADDED, golden.batch()).value(), tolerance);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32"})
  void dropoutIsReplayedByTheSameContext(DType dtype) {
    TokenBatch batch = Golden.tensors("tiny-cls").batch();
    SequenceClassifier model = TinyBert.classifier(dtype, 0.3);
    Context a = Context.training(Rng.seed(1));
    float[] first = model.logits(a, batch).value().toFloats();
    assertTrue(Arrays.equals(first, model.logits(a, batch).value().toFloats()));
    Context b = Context.training(Rng.seed(2));
    assertTrue(!Arrays.equals(first, model.logits(b, batch).value().toFloats()));
  }

  @Test
  void tooLongSequencesAndForeignIdsAreNamed() {
    SequenceClassifier model = TinyBert.classifier(DType.F64);
    int[] ones = new int[21];
    Arrays.fill(ones, 1);
    TokenBatch tooLong = new TokenBatch(1, 21, ones, new int[21], ones);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> model.logits(Context.inference(), tooLong));
    assertTrue(String.valueOf(e.getMessage()).contains("21 tokens"), e.getMessage());
    TokenBatch foreign = new TokenBatch(1, 1, new int[] {61}, new int[1], new int[] {1});
    e =
        assertThrows(
            IllegalArgumentException.class, () -> model.logits(Context.inference(), foreign));
    assertTrue(String.valueOf(e.getMessage()).contains("token id 61"), e.getMessage());
  }

  @Test
  void errorsNameTheModule() {
    SequenceClassifier model = TinyBert.classifier(DType.F64);
    TokenBatch batch = Golden.tensors("tiny-cls").batch();
    Context breaking =
        Context.inference().withHook((layer, x) -> layer.equals("layer.0") ? x.slice(1, 0, 23) : x);
    var e = assertThrows(IllegalArgumentException.class, () -> model.logits(breaking, batch));
    assertTrue(
        String.valueOf(e.getMessage()).contains("bert.encoder.layer.1.attention.self.query"),
        e.getMessage());
  }
}
