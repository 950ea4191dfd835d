package dev.bulwark.robust.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.nn.text.WordPiece;
import dev.bulwark.nn.text.WordPieceOptions;
import dev.bulwark.robust.data.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbaliserTest {
  private static final WordPiece TOKENIZER =
      WordPiece.of(
          Vocabulary.of(
              List.of(
                  "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bad", "awful", "good", "great",
                  "##ly")),
          WordPieceOptions.uncased());
  private static final Labels LABELS = Labels.of(List.of("neg", "pos"));

  private static Verbaliser.Tokens tokens(String text) {
    return Verbaliser.parse(text, LABELS).tokens(TOKENIZER, LABELS);
  }

  @Test
  void wordsBecomeTokensAndTheRestIsReported() {
    Verbaliser.Tokens found = tokens("pos=great, good,goodly; neg=Bad,vile");
    assertEquals(List.of(5, 8, 7), found.ids());
    assertEquals(List.of(0, 1, 1), found.classOf());
    assertEquals(
        List.of("'vile' is not in the vocabulary", "'goodly' is 2 tokens"), found.dropped());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "neg=bad;pos=vile|class 'pos' has no label word that is one token",
        "neg=bad;pos=vile|'vile' is not in the vocabulary",
        "neg=bad;pos=goodly|'goodly' is 2 tokens",
        "neg=bad;pos=goodly|--set verbaliser=\"neg=WORD;pos=WORD\"",
        "neg=bad|has no word for class 'pos'",
        "neg=bad;pos=good;neg=awful|names class 'neg' twice",
        "neg=bad;pro=good|names 'pro', which is none of the classes",
        "neg=bad;pos=|gives class 'pos' an empty word",
        "neg=bad;pos|gives class 'pos' an empty word",
        "neg=bad;|names '', which is none of the classes",
        "neg=bad,good;pos=good|'good' stands for class 'neg' and again for class 'pos'",
      })
  void whatMakesNoClassifierIsRefused(String text, String message) {
    String said = assertThrows(IllegalArgumentException.class, () -> tokens(text)).toString();
    assertTrue(said.contains(message), said);
  }

  @Test
  void wellKnownClassesHaveWordsOfTheirOwn() {
    assertEquals(
        List.of(List.of("positive"), List.of("negative")), words("auto", "positive", "negative"));
    assertEquals(List.of(List.of("negative"), List.of("positive")), words("sst2", "0", "1"));
    assertEquals(List.of(List.of("false"), List.of("true")), words("boolq", "0", "1"));
    assertEquals(
        List.of(List.of("politics"), List.of("sports"), List.of("business"), List.of("technology")),
        words("auto", "World", "Sports", "Business", "Sci/Tech"));
    assertEquals(
        List.of(List.of("no"), List.of("yes"), List.of("maybe")),
        words("auto", "contradiction", "entailment", "neutral"));
    assertEquals(List.of(List.of("bad"), List.of("good")), words("auto", "bad", "good"));
    assertEquals(List.of(List.of("true"), List.of("false")), words("auto", "true", "false"));
    String said =
        assertThrows(IllegalArgumentException.class, () -> words("agnews", "bad", "good"))
            .toString();
    assertTrue(said.contains("are not those of task=agnews"), said);
  }

  @Test
  void zeroAndOneAreTakenForSentiment() {
    assertEquals(List.of(List.of("negative"), List.of("positive")), words("auto", "0", "1"));
  }

  private static List<List<String>> words(String task, String... labels) {
    return Task.prompts(task, Labels.of(List.of(labels))).verbaliser().words();
  }
}
