package dev.bulwark.robust.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
  @TempDir Path temp;

  private static List<TextInput> inputs() {
    List<TextInput> all = new ArrayList<>();
    for (var e : Tiny.examples(300, 8)) {
      all.add(new TextInput(e.text(), all.size() % 3 == 0 ? "the very good story" : null));
    }
    return all;
  }

  @Test
  void aTextsResultDoesNotDependOnItsCompany() {
    ModelPredictor predictor =
        new ModelPredictor(Tiny.classifier(Tiny.encoder(temp.resolve("m"))), 24);
    List<TextInput> texts = inputs();
    float[][] together = predictor.predict(texts);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(1));
    float[][] shuffled = predictor.predict(order.stream().map(texts::get).toList());
    for (int i = 0; i < order.size(); i++) {
      assertArrayEquals(together[order.get(i)], shuffled[i]);
    }
    for (int i = 0; i < texts.size(); i += 17) {
      assertArrayEquals(together[i], predictor.predict(List.of(texts.get(i)))[0]);
      assertEquals(1, together[i][0] + together[i][1], 1e-6);
    }
  }

  @Test
  void aTrainedClassifierKeepsItsHeadUnlessTheClassesAreOthers() throws IOException {
    Classifier trained = Tiny.classifier(Tiny.encoder(temp.resolve("m")));
    try (RunFolder run = RunFolder.open(temp.resolve("run"), Map.of(), false)) {
      run.saveModel(trained);
      Labels others = Labels.of(List.of("no", "yes"));
      float[] before = new ModelPredictor(trained, 24).predict(inputs())[0];
      assertArrayEquals(before, onTopOf(run, Tiny.LABELS));
      assertFalse(Arrays.equals(before, onTopOf(run, others)));
    }
  }

  private static float[] onTopOf(RunFolder run, Labels labels) throws IOException {
    try (Checkpoint c = HuggingFaceFolder.open(run.model())) {
      return new ModelPredictor(Classifier.onTopOf(c, labels, Rng.seed(5)), 24)
          .predict(inputs())[0];
    }
  }

  @Test
  void nothingGivesNothing() {
    ModelPredictor predictor =
        new ModelPredictor(Tiny.classifier(Tiny.encoder(temp.resolve("m"))), 24);
    assertEquals(0, predictor.predict(List.of()).length);
    assertEquals(2, predictor.classes());
  }

  @Test
  void longTextsAreCutToTheModelsPositions() {
    ModelPredictor predictor =
        new ModelPredictor(Tiny.classifier(Tiny.encoder(temp.resolve("m"))), 512);
    String start = "the film is good and ".repeat(6);
    float[][] p =
        predictor.predict(
            List.of(
                new TextInput(start, null),
                new TextInput(start + "bad ".repeat(500), null),
                new TextInput(start, "bad ".repeat(500))));
    assertArrayEquals(p[0], p[1]);
  }

  @Test
  void sentenceVectorsHaveLengthOneWhateverTheBatch() throws IOException {
    MeanPooledEncoder encoder;
    try (Checkpoint c = HuggingFaceFolder.open(Tiny.encoder(temp.resolve("m")))) {
      encoder = new MeanPooledEncoder(c);
    }
    List<String> texts = new ArrayList<>(Tiny.examples(40, 2).stream().map(e -> e.text()).toList());
    texts.add("");
    texts.add("the story ".repeat(100));
    float[][] vectors = encoder.encode(texts);
    for (int i = 0; i < vectors.length; i++) {
      double norm = 0;
      for (float v : vectors[i]) {
        norm += (double) v * v;
      }
      assertEquals(1, norm, 1e-6);
      assertArrayEquals(encoder.encode(List.of(texts.get(i)))[0], vectors[i]);
    }
    assertTrue(encoder.encode(List.of()).length == 0);
  }
}
