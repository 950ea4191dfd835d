package dev.bulwark.robust.data;

import java.util.List;

/**
 * A question whose answer is a span of a text (SQuAD 1.1).
 *
 * @param id unique in its file
 * @param question the question
 * @param context the text that holds the answer
 * @param answers what annotators marked, at least one
 */
public record SpanQuestion(String id, String question, String context, List<Answer> answers) {
  /** Freezes the list. */
  public SpanQuestion {
    answers = List.copyOf(answers);
  }

  /**
   * A marked span.
   *
   * @param text the words of the context
   * @param start where they start in it, in UTF-16 chars
   */
  public record Answer(String text, int start) {
    /** Where they end in the context, exclusive, in UTF-16 chars. */
    public int end() {
      return start + text.length();
    }
  }

  /** The texts of the answers. */
  public List<String> answerTexts() {
    return answers.stream().map(Answer::text).toList();
  }
}
