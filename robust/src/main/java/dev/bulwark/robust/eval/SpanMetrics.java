package dev.bulwark.robust.eval;

import dev.bulwark.robust.data.SpanQuestion;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers to a set of questions, in percent. In an adversarial set (Jia and Liang, EMNLP 2017) a
 * question has variants, whose ids are its own id, a dash and more: there the lowest F1 over the
 * variants counts, with the exact match of that variant.
 *
 * @param questions number of questions, variants not counted
 * @param variants number of adversarial variants
 * @param exact mean exact match of the questions as they were first asked; null if none is there
 * @param f1 mean F1 of the same
 * @param adversarialExact mean over all questions of the exact match of the worst variant, a
 *     question without variants standing for itself; null without any variant
 * @param adversarialF1 mean over all questions of the lowest F1
 */
public record SpanMetrics(
    int questions,
    int variants,
    @Nullable Double exact,
    @Nullable Double f1,
    @Nullable Double adversarialExact,
    @Nullable Double adversarialF1) {
  /**
   * Scores answers.
   *
   * @param questions what was asked
   * @param answers one for each
   * @return the metrics
   * @throws IllegalArgumentException if there are not as many answers as questions
   */
  public static SpanMetrics of(List<SpanQuestion> questions, List<String> answers) {
    if (questions.size() != answers.size()) {
      throw new IllegalArgumentException(
          questions.size() + " questions but " + answers.size() + " answers");
    }
    Set<String> all = new LinkedHashSet<>();
    Map<String, AnswerScore> originals = new LinkedHashMap<>();
    Map<String, AnswerScore> worst = new LinkedHashMap<>();
    int variants = 0;
    for (int i = 0; i < questions.size(); i++) {
      SpanQuestion q = questions.get(i);
      String original = originalId(q.id());
      AnswerScore score = AnswerScore.of(answers.get(i), q.answerTexts());
      all.add(original);
      if (original.equals(q.id())) {
        originals.put(original, score);
      } else {
        variants++;
        worst.merge(original, score, (a, b) -> b.f1() < a.f1() ? b : a); // the first of equals
      }
    }
    boolean adversarial = variants > 0;
    originals.forEach(worst::putIfAbsent);
    return new SpanMetrics(
        all.size(),
        variants,
        percent(originals, AnswerScore::exact),
        percent(originals, AnswerScore::f1),
        adversarial ? percent(worst, AnswerScore::exact) : null,
        adversarial ? percent(worst, AnswerScore::f1) : null);
  }

  /**
   * The id of the question that a variant was made from.
   *
   * @param id of a question or a variant
   * @return what stands before the first dash
   */
  public static String originalId(String id) {
    int dash = id.indexOf('-');
    return dash < 0 ? id : id.substring(0, dash);
  }

  private static @Nullable Double percent(
      Map<String, AnswerScore> scores, ToDoubleFunction<AnswerScore> part) {
    return scores.isEmpty()
        ? null
        : 100 * scores.values().stream().mapToDouble(part).average().orElseThrow();
  }
}
