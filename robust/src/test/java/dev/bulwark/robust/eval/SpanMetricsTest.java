package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.robust.data.SpanQuestion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores worked out by hand from the rules of SQuAD 1.1. */
class SpanMetricsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "The Beatles|beatles",
        "a  man, a plan|man plan",
        "U.S.A.|usa",
        "An apple-pie|applepie",
        "theatre anna|theatre anna",
        "the|",
        "  over\u00a0100\u2003trees \t|over 100 trees",
        "“quoted” – the end|“quoted” – end",
        "thé à la|thé à la",
        "$5,000.00|500000",
        "a-the-an|athean",
        "THE \u0130|i\u0307",
      })
  void whatDoesNotMatterIsTakenOut(String answer, String expected) {
    assertEquals(expected == null ? "" : expected, AnswerScore.normalised(answer));
  }

  @Test
  void wordsAreCountedAsOftenAsTheyOccur() {
    // 2 of 3 words agree, 2 of 4 were wanted.
    AnswerScore s = AnswerScore.of("red red blue", List.of("red red green green"));
    assertEquals(0, s.exact());
    assertEquals(2 * (2 / 3.0) * (2 / 4.0) / (2 / 3.0 + 2 / 4.0), s.f1(), 1e-12);
  }

  @Test
  void theBestOfSeveralAnswersCounts() {
    AnswerScore s = AnswerScore.of("over 100", List.of("100", "Over 100!", "none"));
    assertEquals(new AnswerScore(1, 1), s);
    assertEquals(2 / 3.0, AnswerScore.of("over 100", List.of("100", "none")).f1(), 1e-12);
  }

  @Test
  void nothingAgainstNothingIsExactButSharesNoWord() {
    assertEquals(new AnswerScore(1, 0), AnswerScore.of("the", List.of("a")));
    assertEquals(new AnswerScore(0, 0), AnswerScore.of("", List.of("x")));
  }

  private static SpanQuestion asked(String id, String answer) {
    return new SpanQuestion(id, "what?", answer, List.of(new SpanQuestion.Answer(answer, 0)));
  }

  private static void assertNear(double expected, @Nullable Double actual) {
    assertEquals(expected, Objects.requireNonNull(actual), 1e-12);
  }

  @Test
  void theWorstVariantCounts() {
    List<SpanQuestion> questions =
        List.of(
            asked("q1", "red car"),
            asked("q1-high-conf-turk0", "red car"),
            asked("q1-high-conf-turk1", "red car"),
            asked("q2", "blue"), // no variant: stands for itself
            asked("q3-high-conf-turk0", "green"), // the original is not in the set
            asked("q4", "x"),
            asked("q4-turk", "x")); // wrong at first and right as a variant
    List<String> answers = List.of("red car", "the red car", "red", "blue", "no", "y", "x");
    SpanMetrics m = SpanMetrics.of(questions, answers);
    assertEquals(4, m.questions());
    assertEquals(3 + 1, m.variants());
    assertNear(200 / 3.0, m.exact());
    assertNear(200 / 3.0, m.f1());
    // q1: "red" of "red car" has F1 2/3 and is not exact; q2 1; q3 0; q4 1.
    assertNear(50, m.adversarialExact());
    assertNear(100 * (2 / 3.0 + 1 + 0 + 1) / 4, m.adversarialF1());
  }

  @Test
  void ofVariantsWithEqualF1TheFirstGivesItsExactMatch() {
    // "a" and "the" are nothing after normalisation: F1 is 0 either way, but only one is exact.
    List<SpanQuestion> q = List.of(asked("q", "a"), asked("q-1", "the"), asked("q-2", "word"));
    assertEquals(100, SpanMetrics.of(q, List.of("a", "an", "other")).adversarialExact());
    List<SpanQuestion> turned = List.of(q.get(0), q.get(2), q.get(1));
    assertEquals(0, SpanMetrics.of(turned, List.of("a", "other", "an")).adversarialExact());
  }

  @Test
  void withoutVariantsThereIsNoAdversarialScore() {
    SpanMetrics m = SpanMetrics.of(List.of(asked("q", "blue")), List.of("blue"));
    assertEquals(100, m.exact());
    assertNull(m.adversarialF1());
    assertThrows(
        IllegalArgumentException.class,
        () -> SpanMetrics.of(List.of(asked("q", "blue")), List.of()));
  }
}
