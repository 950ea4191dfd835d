package dev.bulwark.robust.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.attack.SentenceSimilarity.Metric;
import dev.bulwark.robust.attack.SentenceSimilarity.Reference;
import dev.bulwark.robust.lexicon.PosTagger;
import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.robust.lexicon.StopWords;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConstraintsTest {
  private static final String LONG =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
          + " sixteen";

  @Test
  void aWordIsChangedOnce() {
    AttackedText t = text("a bad film").replace(1, "good");
    assertFalse(Constraints.noRepeat().mayChange(t, 1));
    assertTrue(Constraints.noRepeat().mayChange(t, 2));
  }

  @Test
  void stopWordsAreLeftAlone() {
    Constraint rule = Constraints.noStopWords(StopWords.of(List.of("the")));
    assertFalse(rule.mayChange(text("the film"), 0));
    assertTrue(rule.mayChange(text("The film"), 0));
    assertTrue(rule.mayChange(text("the film"), 1));
  }

  @Test
  void onlyTheHypothesisOfAPairMayChange() {
    Constraint rule = Constraints.hypothesisOnly();
    AttackedText pair = AttackedText.of(new TextInput("a man", "a dog"));
    assertFalse(rule.mayChange(pair, 1));
    assertTrue(rule.mayChange(pair, 2));
    assertTrue(rule.mayChange(text("a man"), 0));
  }

  @Test
  void partsOfSpeechAreKept() {
    AttackedText t = text("she bought a cheap car in Paris yesterday");
    List<AttackedText> proposals =
        List.of(t.replace(3, "small"), t.replace(3, "quickly"), t.replace(3, "expensive"));
    assertEquals(
        List.of(proposals.get(0), proposals.get(2)),
        Constraints.samePos(PosTagger.bundled(), true).keep(proposals, t));
  }

  @Test
  void constraintsArePure() {
    AttackedText t = text("she bought a cheap car in Paris yesterday");
    List<AttackedText> proposals = List.of(t.replace(3, "small"), t.replace(3, "quickly"));
    Constraint rule = Constraints.samePos(PosTagger.bundled(), true);
    assertEquals(rule.keep(proposals, t), rule.keep(proposals, t));
  }

  @Test
  void theWindowAroundTheChangeIsComparedWithThePreviousText() {
    List<String> asked = new ArrayList<>();
    AttackedText previous = text(LONG).replace(0, "first");
    similarity(asked, Reference.PREVIOUS, 0).keep(List.of(previous.replace(4, "V")), previous);
    assertEquals(List.of(window("first", "five"), window("first", "V")), asked);
    asked.clear();
    similarity(asked, Reference.ORIGINAL, 0).keep(List.of(previous.replace(4, "V")), previous);
    assertEquals(List.of(window("one", "five"), window("first", "V")), asked);
  }

  private static String window(String first, String fifth) {
    return LONG.replace("one", first).replace("five", fifth).replace(" sixteen", "");
  }

  @Test
  void similarityIsNotedAndBelowTheThresholdDropped() {
    AttackedText t = text(LONG);
    AttackedText change = t.replace(2, "x");
    SentenceEncoder halfAway =
        texts ->
            texts.stream()
                .map(s -> s.contains(" x ") ? new float[] {0.5f, 0.8660254f} : new float[] {1, 0})
                .toArray(float[][]::new);
    SentenceSimilarity loose =
        new SentenceSimilarity(
            halfAway, Metric.ANGULAR, 0.66, 15, Extent.ALL, Reference.PREVIOUS, 0);
    assertEquals(2.0 / 3, loose.keep(List.of(change), t).getFirst().similarity(), 1e-6);
    SentenceSimilarity strict =
        new SentenceSimilarity(
            halfAway, Metric.ANGULAR, 0.67, 15, Extent.ALL, Reference.PREVIOUS, 0);
    assertEquals(List.of(), strict.keep(List.of(change), t));
  }

  @Test
  void textsShorterThanTheWindowPassUnaskedWhenToldSo() {
    List<String> asked = new ArrayList<>();
    AttackedText t = text("a short text");
    SentenceSimilarity rule = similarity(asked, Reference.PREVIOUS, Double.NEGATIVE_INFINITY);
    assertEquals(1, rule.keep(List.of(t.replace(1, "long")), t).size());
    assertEquals(List.of(), asked);
  }

  @Test
  void substitutesTakeTheCaseOfTheWord() {
    assertEquals("film", SwapWord.inCaseOf("movie", "Film"));
    assertEquals("Film", SwapWord.inCaseOf("Movie", "fILM"));
    assertEquals("FILM", SwapWord.inCaseOf("MOVIE", "film"));
    assertEquals("Me", SwapWord.inCaseOf("I", "me"));
    assertEquals("fiLm", SwapWord.inCaseOf("moVie", "fiLm"));
    assertEquals("Two", SwapWord.inCaseOf("2", "Two"));
    assertEquals("", SwapWord.inCaseOf("Movie", ""));
  }

  @Test
  void proposalsAreOneWordEachDistinctAndSimilarEnough() {
    SwapWord swap =
        new SwapWord(
            w ->
                List.of(
                    new Substitute("Film", 0.9),
                    new Substitute("film", 0.8),
                    new Substitute("moving picture", 0.8),
                    new Substitute("movie", 0.7),
                    new Substitute("cat", 0.4),
                    new Substitute("flick"),
                    new Substitute("picture", 0.6),
                    new Substitute("show", 0.6)),
            3,
            0.5);
    assertEquals(
        List.of("a film", "a flick", "a picture"),
        swap.propose(text("a movie"), 1, Rng.seed(0)).stream().map(AttackedText::text).toList());
  }

  private static SentenceSimilarity similarity(
      List<String> asked, Reference reference, double shortThreshold) {
    SentenceEncoder encoder =
        texts -> {
          asked.addAll(texts);
          return texts.stream().map(t -> new float[] {1}).toArray(float[][]::new);
        };
    return new SentenceSimilarity(
        encoder, Metric.COSINE, 0.5, 15, Extent.ALL, reference, shortThreshold);
  }

  private static AttackedText text(String text) {
    return AttackedText.of(new TextInput(text, null));
  }
}
