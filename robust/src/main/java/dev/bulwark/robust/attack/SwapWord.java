package dev.bulwark.robust.attack;

import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Puts a substitute in a word's place, in the word's own case.
 *
 * @param source where substitutes come from
 * @param limit how many of them to take at most
 * @param minSimilarity those that their source says are less similar are left out; those of which
 *     it says nothing stay
 */
public record SwapWord(WordSubstitutions source, int limit, double minSimilarity)
    implements Transformation {

  @Override
  public List<AttackedText> propose(AttackedText current, int index, Rng rng) {
    String word = current.word(index);
    Set<String> proposals = new LinkedHashSet<>();
    for (Substitute s : source.of(word)) {
      if (proposals.size() == limit) {
        break;
      }
      String cased = inCaseOf(word, s.word());
      if (!(s.similarity() < minSimilarity) && !cased.equals(word) && isOneWord(cased)) {
        proposals.add(cased);
      }
    }
    List<AttackedText> texts = new ArrayList<>(proposals.size());
    proposals.forEach(p -> texts.add(current.replace(index, p)));
    return texts;
  }

  private static boolean isOneWord(String text) {
    List<WordScanner.Span> spans = WordScanner.scan(text);
    return spans.size() == 1
        && spans.getFirst().start() == 0
        && spans.getFirst().end() == text.length();
  }

  /** Lower, upper and Capital follow the model word; its other cases leave the word as it is. */
  static String inCaseOf(String model, String word) {
    if (word.isEmpty()) {
      return word;
    }
    String lower = model.toLowerCase(Locale.ROOT);
    String upper = model.toUpperCase(Locale.ROOT);
    if (lower.equals(upper)) {
      return word;
    }
    if (model.equals(lower)) {
      return word.toLowerCase(Locale.ROOT);
    }
    int first = model.offsetByCodePoints(0, 1);
    if (model.equals(upper) && model.length() > first) {
      return word.toUpperCase(Locale.ROOT);
    }
    boolean capital =
        !lower.startsWith(model.substring(0, first))
            && model.substring(first).equals(model.substring(first).toLowerCase(Locale.ROOT));
    if (capital) {
      int head = word.offsetByCodePoints(0, 1);
      return word.substring(0, head).toUpperCase(Locale.ROOT)
          + word.substring(head).toLowerCase(Locale.ROOT);
    }
    return word;
  }
}
