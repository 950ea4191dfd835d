package dev.bulwark.robust.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.Batch;
import dev.bulwark.robust.data.SpanBatcher;
import dev.bulwark.robust.data.SpanEncoder;
import dev.bulwark.robust.data.SpanFeature;
import dev.bulwark.robust.data.SpanQuestion;
import dev.bulwark.robust.eval.SpanMetrics;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.train.Evaluation;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions whose answer is the word after "is" in a text of other words. */
class SpanPredictorTest {
  private static final List<String> FILL = List.of("the", "a", "film", "movie", "story", "of");
  private static final List<String> TOLD =
      List.of("great", "wonderful", "awful", "boring", "charming", "stupid");

  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void saveEncoder() {
    Tiny.encoder(shared.resolve("encoder"), 0);
  }

  static List<SpanQuestion> questions(int count, int words, long seed) {
    Random random = new Random(seed);
    List<SpanQuestion> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> text = new ArrayList<>();
      for (int w = 0; w < words; w++) {
        text.add(FILL.get(random.nextInt(FILL.size())));
      }
      String told = TOLD.get(random.nextInt(TOLD.size()));
      int at = random.nextInt(words - 1);
      text.set(at, "is");
      text.set(at + 1, told + " " + TOLD.get(random.nextInt(TOLD.size())));
      String context = String.join(" ", text);
      int start = (" " + context).indexOf(" is ") + 3;
      SpanQuestion.Answer answer = new SpanQuestion.Answer(text.get(at + 1), start);
      all.add(new SpanQuestion("q" + i, "is it very", context, List.of(answer)));
    }
    return all;
  }

  private static Classifier model() throws IOException {
    try (Checkpoint c = HuggingFaceFolder.open(shared.resolve("encoder"))) {
      return SpanModels.onTopOf(c, Rng.seed(3));
    }
  }

  @ParameterizedTest
  @CsvSource({"standard", "freelb"})
  void aModelLearnsToAnswerAndIsOpenedAgain(String method) throws IOException {
    Classifier model = model();
    List<SpanQuestion> train = questions(24, 14, 1);
    SpanEncoder encoder = new SpanEncoder(model.tokenizer(), 16, 6, 4);
    SpanPredictor predictor = new SpanPredictor(model, encoder, 5, 4);
    TrainSettings settings =
        new TrainSettings(20, 8, 3e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 24, 0, 0, 42);
    List<Double> scores = new ArrayList<>();
    try (RunFolder folder = RunFolder.open(temp.resolve("run"), settings.named(), false)) {
      // Word vectors of the tiny model are small, and so must be what is added to them.
      Map<String, String> set =
          method.equals("freelb") ? Map.of("adv-init-mag", "0.01", "adv-lr", "0.01") : Map.of();
      new Trainer(model, Methods.recipe(method, set), settings)
          .fit(
              new SpanBatcher(encoder.features(train), model.tokenizer().padId(), 8),
              () -> {
                SpanPredictor.Answers a = predictor.answer(train, done -> {});
                Double f1 = SpanMetrics.of(train, a.texts()).f1();
                return new Evaluation(f1 == null ? 0 : f1 / 100, a.loss());
              },
              folder,
              new TrainListener() {
                @Override
                public void onEpoch(EpochReading e) {
                  scores.add(e.devAccuracy());
                }
              });
    }
    double best = scores.stream().mapToDouble(s -> s).max().orElseThrow();
    assertTrue(best > 0.95, "F1 " + scores);
    try (Checkpoint saved = HuggingFaceFolder.open(temp.resolve("run/model"))) {
      assertEquals(List.of("BertForQuestionAnswering"), saved.config().architectures());
      Classifier again = SpanModels.open(saved);
      SpanPredictor reopened = new SpanPredictor(again, encoder, 5, 4);
      Double f1 = SpanMetrics.of(train, reopened.answer(train, done -> {}).texts()).f1();
      assertEquals(best, f1 == null ? -1 : f1 / 100, 1e-12);
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> Classifier.open(saved))
              .toString()
              .contains("holds no classifier"));
    }
  }

  @Test
  void answersDoNotDependOnTheirBatch() throws IOException {
    Classifier model = model();
    SpanPredictor predictor =
        new SpanPredictor(model, new SpanEncoder(model.tokenizer(), 16, 6, 4), 3, 5);
    List<SpanQuestion> all = new ArrayList<>(questions(20, 9, 1));
    all.addAll(questions(20, 30, 2));
    List<List<SpanAnswer>> together = predictor.answer(all, done -> {}).answers();
    for (int i = 0; i < all.size(); i += 7) {
      assertEquals(
          together.get(i), predictor.answer(List.of(all.get(i)), d -> {}).answers().getFirst());
    }
    assertEquals(together, predictor.answer(all, done -> {}).answers());
    for (int i = 0; i < all.size(); i++) {
      String context = all.get(i).context();
      for (SpanAnswer a : together.get(i)) {
        assertEquals(a.text(), context.substring(a.start(), a.end()));
        assertTrue(a.text().split(" ").length <= 5, a.text());
      }
      assertEquals(3, together.get(i).stream().map(SpanAnswer::text).distinct().count());
    }
  }

  @Test
  void aTextWithoutAnyTokenHasAnEmptyAnswer() throws IOException {
    Classifier model = model();
    SpanPredictor predictor =
        new SpanPredictor(model, new SpanEncoder(model.tokenizer(), 16, 6, 4), 3, 5);
    SpanQuestion blank =
        new SpanQuestion("q", "is it", " ", List.of(new SpanQuestion.Answer(" ", 0)));
    assertEquals(List.of(""), predictor.answer(List.of(blank), done -> {}).texts());
  }

  @Test
  void windowsOverlapAndLabelsPointAtTheAnswer() {
    Tokenizer tokenizer = Tiny.tokenizer();
    SpanEncoder encoder = new SpanEncoder(tokenizer, 10, 3, 2);
    String context = "the film is very good and it was charming";
    SpanQuestion q =
        new SpanQuestion(
            "q", "was it good", context, List.of(new SpanQuestion.Answer("very good", 12)));
    List<SpanFeature> windows = encoder.features(List.of(q));
    // Room for 10 - 2 - 3 = 5 tokens: [0, 5), [3, 8), [6, 9).
    assertEquals(
        List.of("the film is very good", "very good and it was", "it was charming"),
        windows.stream()
            .map(w -> context.substring(w.tokens().getFirst().start(), w.tokens().getLast().end()))
            .toList());
    SpanFeature first = windows.getFirst();
    assertEquals(4, first.first());
    assertEquals(10, first.row().length());
    assertEquals(tokenizer.clsId(), first.row().ids()[0]);
    assertEquals(tokenizer.sepId(), first.row().ids()[3]);
    assertEquals(0, first.row().types()[3]);
    assertEquals(1, first.row().types()[4]);
    assertEquals(4 + 3, first.startLabel());
    assertEquals(4 + 4, first.endLabel());
    assertEquals(4, windows.get(1).startLabel());
    assertEquals(5, windows.get(1).endLabel());
    assertEquals(0, windows.get(2).startLabel());
    assertEquals(0, windows.get(2).endLabel());
    // "good", token 4: at the edge of [0, 5), one from the edge of [3, 8).
    assertEquals(false, first.tokens().get(4).widest());
    assertEquals(true, windows.get(1).tokens().get(1).widest());
    Batch batch = SpanBatcher.batch(windows, tokenizer.padId());
    assertEquals(3, batch.tokens().size());
    assertEquals(List.of(7, 4, 0, 8, 5, 0), Arrays.stream(batch.labels()).boxed().toList());
  }

  @Test
  void lengthsWithoutRoomAreRefused() {
    Tokenizer tokenizer = Tiny.tokenizer();
    assertThrows(IllegalArgumentException.class, () -> new SpanEncoder(tokenizer, 10, 3, 7));
    assertThrows(IllegalArgumentException.class, () -> new SpanEncoder(tokenizer, 10, 0, 2));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new SpanEncoder(tokenizer, 10, 6, 2));
    assertTrue(e.toString().contains("skipped"), e.toString());
  }
}
