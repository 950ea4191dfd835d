package dev.bulwark.robust.eval;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How well an answer agrees with the annotators' (Rajpurkar et al., EMNLP 2016, section 6.1, and
 * their script for SQuAD 1.1).
 *
 * @param exact 1 if it equals one of theirs after {@link #normalised}, else 0
 * @param f1 overlap of its words with the most similar of theirs, in [0, 1]
 */
public record AnswerScore(double exact, double f1) {
  private static final Pattern PUNCTUATION =
      Pattern.compile("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]");
  private static final Pattern ARTICLES =
      Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

  /** What Python's split() splits at. */
  private static final Pattern BLANKS =
      Pattern.compile(
          "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

  /**
   * Scores an answer.
   *
   * @param answer the model's words
   * @param truths the annotators' answers, at least one
   * @return the best exact match and the best F1 over them, which may belong to different ones
   */
  public static AnswerScore of(String answer, List<String> truths) {
    double exact = 0;
    double f1 = 0;
    for (String truth : truths) {
      exact = Math.max(exact, normalised(answer).equals(normalised(truth)) ? 1 : 0);
      f1 = Math.max(f1, overlap(words(answer), words(truth)));
    }
    return new AnswerScore(exact, f1);
  }

  /**
   * An answer without what does not matter: lower case, no ASCII punctuation, no articles, single
   * blanks.
   *
   * @param answer any text
   * @return its words with a blank between them
   */
  public static String normalised(String answer) {
    return String.join(" ", words(answer));
  }

  private static List<String> words(String answer) {
    String plain = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
    String bare = ARTICLES.matcher(plain).replaceAll(" ");
    return Arrays.stream(BLANKS.split(bare)).filter(w -> !w.isEmpty()).toList();
  }

  private static double overlap(List<String> answer, List<String> truth) {
    Map<String, Integer> left = new HashMap<>();
    truth.forEach(w -> left.merge(w, 1, Integer::sum));
    int common = 0;
    for (String w : answer) {
      if (left.merge(w, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    if (common == 0) {
      return 0;
    }
    double precision = (double) common / answer.size();
    double recall = (double) common / truth.size();
    return 2 * precision * recall / (precision + recall);
  }
}
