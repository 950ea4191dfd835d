package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.WordChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The perturbed text cut into pieces that say what stood there before. */
final class WordDiff {
  /**
   * A piece of a text.
   *
   * @param from the original word if it was changed, null if the piece is unchanged
   * @param to what stands there now, empty if the word was deleted
   */
  record Piece(@Nullable String from, String to) {}

  private WordDiff() {}

  /**
   * The pieces of one column of the perturbed input.
   *
   * @param outcome what an attack did
   * @param column 0 for the text, 1 for the pair
   * @return the pieces in order; their {@code to}s make up the perturbed column
   */
  static List<Piece> of(Outcome outcome, int column) {
    String text = column == 0 ? outcome.perturbed().text() : outcome.perturbed().pair();
    List<Piece> pieces = new ArrayList<>();
    if (text == null) {
      return pieces;
    }
    int at = 0;
    List<WordChange> changes =
        outcome.changes().stream()
            .filter(change -> change.column() == column)
            .sorted(Comparator.comparingInt(WordChange::newStart))
            .toList();
    for (WordChange change : changes) {
      // A span that does not fit must not cost a report that took hours: it is shown unmarked.
      if (change.newStart() < at
          || change.newEnd() < change.newStart()
          || change.newEnd() > text.length()) {
        continue;
      }
      if (change.newStart() > at) {
        pieces.add(new Piece(null, text.substring(at, change.newStart())));
      }
      pieces.add(new Piece(change.from(), text.substring(change.newStart(), change.newEnd())));
      at = change.newEnd();
    }
    if (at < text.length()) {
      pieces.add(new Piece(null, text.substring(at)));
    }
    return pieces;
  }
}
