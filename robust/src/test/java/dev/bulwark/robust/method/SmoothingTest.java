package dev.bulwark.robust.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Certificate;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.ModelPredictor;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.SmoothedPredictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of the smoothing methods, and how their models predict. */
class SmoothingTest {
  private static Classifier classifier() {
    SequenceClassifier model =
        new SequenceClassifier(
            Source.random(DType.F32, Rng.seed(3)), BertConfig.of(Tiny.config(0)), 2, 0);
    for (Parameter p : model.parameters().values()) { // far from zero, so that logits differ
      if (p.name().startsWith("classifier.weight") || p.name().contains("pooler.dense.weight")) {
        p.leaf().setValue(p.value().times(30).retain());
      }
    }
    return new Classifier(model, Tiny.tokenizer(), Tiny.config(0), Tiny.LABELS);
  }

  private static Recipe recipe(String method, String... options) {
    Map<String, String> set = new TreeMap<>();
    for (String o : options) {
      set.put(o.split("=")[0], o.split("=")[1]);
    }
    return Methods.recipe(method, set);
  }

  private static Predictor predictor(String method, String... options) {
    return recipe(method, options).predictor(classifier(), 24);
  }

  private static List<TextInput> texts() {
    List<TextInput> all = new ArrayList<>();
    for (Example e : Tiny.examples(90, 8)) {
      all.add(new TextInput(e.text(), all.size() % 3 == 0 ? "the very good story" : null));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rsmi|noise-eps=-1|noise-eps must not be negative",
        "rsmi|nth-layers=0|nth-layers must be at least 1, or -1",
        "rsmi|multi-mask=-1|multi-mask must be at least 0",
        "rsmi|mask-batch-ratio=1.5|mask-batch-ratio must lie in [0, 1]",
        "rsmi|num-ensemble=0|num-ensemble must be at least 1",
        "rsmi|binom-ensemble=0|binom-ensemble must be at least 1",
        "rsmi|alpha-p=2|alpha-p must lie in [0, 1]",
        "rsmi|vote-type=mean|vote-type must be one of [avg, max]",
        "safer|probability=-0.1|probability must lie in [0, 1]",
        "safer|synonyms=0|synonyms must be at least 1",
        "safer|votes=0|votes must be at least 1",
        "alum|adv-steps=0|adv-steps must be at least 1",
        "alum|noise-var=0|noise-var must be above 0",
        "alum|adv-alpha=-1|adv-alpha must not be negative",
        "trades|adv-init-mag=0|TRADES needs adv-init-mag above 0",
        "trades|adv-steps=0|adv-steps must be at least 1",
        "trades|beta=-1|beta must not be negative",
      })
  void aSenselessOptionIsRefused(String method, String option, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> recipe(method, option));
    assertTrue(e.toString().contains(message), e.toString());
  }

  @Test
  void aModelThatDoesNotKnowTheMaskTokenIsRefusedBeforeTraining() {
    Classifier c = classifier();
    SequenceClassifier small =
        new SequenceClassifier(
            Source.random(DType.F32, Rng.seed(3)),
            BertConfig.of(Tiny.config(0).with("vocab_size", 4)),
            2,
            0);
    Setup setup =
        new Setup(
            new Classifier(small, c.tokenizer(), c.config(), c.labels()),
            24,
            1,
            Rng.seed(1),
            Optional.empty());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> recipe("rsmi").tuning().apply(setup));
    assertTrue(e.toString().contains("mask token (id 4) is none of the model's 4"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsmi num-ensemble=5 binom-ensemble=9 alpha-p=0.98 noise-eps=1",
        "rsmi num-ensemble=5 binom-ensemble=9 alpha-p=0.98 noise-eps=1 vote-type=max",
        "safer votes=7",
        "safer votes=3 vote-type=mean"
      })
  void aTextsResultDoesNotDependOnItsCompanyAndIsTheSameEachTime(String line) {
    String[] words = line.split(" ");
    Predictor predictor = predictor(words[0], Arrays.copyOfRange(words, 1, words.length));
    List<TextInput> texts = texts();
    float[][] together = predictor.predict(texts);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      order.add(i);
      assertEquals(1, together[i][0] + together[i][1], 1e-6);
    }
    Collections.shuffle(order, new Random(1));
    float[][] shuffled = predictor.predict(order.stream().map(texts::get).toList());
    for (int i = 0; i < order.size(); i++) {
      assertArrayEquals(together[order.get(i)], shuffled[i]);
    }
    for (int i = 0; i < texts.size(); i += 31) {
      assertArrayEquals(together[i], predictor.predict(List.of(texts.get(i)))[0]);
    }
    assertEquals(0, predictor.predict(List.of()).length);
  }

  private static int differing(float[][] a, float[][] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += Arrays.equals(a[i], b[i]) ? 0 : 1;
    }
    return count;
  }

  @Test
  void theSecondStepReplacesOnlyWhatIsNotUnanimous() {
    List<TextInput> texts = texts();
    String[] same = {"num-ensemble=5", "binom-ensemble=9", "noise-eps=1", "alpha-p=0"};
    float[][] first = predictor("rsmi", same).predict(texts);
    String[] strict = same.clone();
    strict[3] = "alpha-p=0.98";
    int replaced = differing(first, predictor("rsmi", strict).predict(texts));
    assertTrue(replaced > 0 && replaced < texts.size(), replaced + " replaced");
    strict[3] = "alpha-p=0.7"; // with two classes three of five always agree
    assertEquals(0, differing(first, predictor("rsmi", strict).predict(texts)));
  }

  @Test
  void anotherSeedDrawsOtherNoise() {
    List<TextInput> texts = texts();
    float[][] one = predictor("rsmi", "seed=1").predict(texts);
    assertEquals(texts.size(), differing(one, predictor("rsmi", "seed=2").predict(texts)));
    assertEquals(0, differing(one, predictor("rsmi", "seed=1").predict(texts)));
  }

  @Test
  void withoutNoiseAndMaskItPredictsAsThePlainModel() {
    List<TextInput> texts = texts();
    float[][] plain = new ModelPredictor(classifier(), 24).predict(texts);
    for (String[] options :
        new String[][] {
          {"noise-eps=0", "multi-mask=0"},
          {"single-layer=true", "multi-mask=0", "num-ensemble=3"}
        }) {
      float[][] p = predictor("rsmi", options).predict(texts);
      for (int i = 0; i < p.length; i++) {
        assertArrayEquals(plain[i], p[i], 1e-5f);
      }
    }
    assertNotEquals(0, differing(plain, predictor("rsmi", "noise-eps=0").predict(texts)));
    float[][] safer =
        predictor("safer", "votes=2", "probability=0", "vote-type=mean").predict(texts);
    for (int i = 0; i < safer.length; i++) {
      assertArrayEquals(plain[i], safer[i], 1e-5f);
    }
  }

  @Test
  void duringTrainingOnePassIsEnough() {
    List<TextInput> texts = texts();
    Recipe many = recipe("rsmi", "num-ensemble=5", "alpha-p=0.98", "vote-type=max");
    float[][] p = many.developmentPredictor(classifier(), 24).predict(texts);
    assertEquals(0, differing(predictor("rsmi").predict(texts), p));
  }

  @Test
  void littleNoiseCertifiesAndMuchNoiseAbstains() {
    TextInput text = texts().getFirst();
    SmoothedPredictor quiet = (SmoothedPredictor) predictor("rsmi", "noise-eps=0.001");
    Certificate sure = quiet.certify(text, 10, 100, 0.001);
    assertEquals(Math.pow(0.001, 0.01), sure.probability(), 1e-8, "all 100 passes agree");
    assertEquals(0.001 * 1.5005, sure.radius(), 1e-6);
    assertEquals(sure, quiet.certify(text, 10, 100, 0.001));
    SmoothedPredictor loud = (SmoothedPredictor) predictor("rsmi", "noise-eps=100");
    assertTrue(loud.certify(text, 10, 20, 0.001).abstains());
  }
}
