package dev.bulwark.robust.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttackedTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\u0001',
      value = {
        "a plain text; a|plain|text",
        "don't 'quote' well-made -- no_go_; don't|quote|well-made|no_go",
        "rock 'n' roll!; rock|n|roll",
        "3.5 stars, 90s; 3|5|stars|90s",
        "user@site *bold* @home; user@site|bold|home",
        "naïve café 東京 𝒌ind; naïve|café|東京|𝒌ind",
        "e\u0301clair; e\u0301clair",
        "'-_*@ ... ; ",
        "wait...what?; wait|what",
      })
  void wordsAreRunsTrimmedOfJoiners(String text, String words) {
    assertEquals(words == null ? "" : words, String.join("|", words(text(text))));
  }

  @Test
  void replacingKeepsEverythingAround() {
    AttackedText t = text("A great, \"great\" film!");
    AttackedText u = t.replace(2, "superb");
    assertEquals("A great, \"superb\" film!", u.text());
    assertEquals("A great, \"superb\" movie!", u.replace(3, "movie").text());
    assertEquals(List.of(2), modified(u));
    assertEquals(2, u.firstFresh());
    assertEquals(List.of(2, 3), modified(u.replace(3, "movie")));
    assertEquals(3, u.replace(3, "movie").firstFresh());
    assertSame(t, u.replace(3, "movie").original());
    assertSame(t, t.replace(1, "great"));
  }

  @Test
  void deletingTakesOneBlankAlong() {
    AttackedText t = text("One two, three");
    assertEquals("two, three", t.replace(0, "").text());
    assertEquals("One, three", t.replace(1, "").text());
    assertEquals("One two,", t.replace(2, "").text());
    assertEquals("", text("one").replace(0, "").text());
    assertEquals(-1, t.replace(0, "").firstFresh());
    assertEquals(1, t.replace(0, "").origin(0));
  }

  @Test
  void severalWordsShiftTheNumbersBehindThem() {
    AttackedText t = text("a bad film").replace(1, "not good").replace(3, "movie");
    assertEquals("a not good movie", t.text());
    assertEquals(List.of(0, 1, 1, 2), IntStream.range(0, 4).mapToObj(t::origin).toList());
    assertEquals(
        List.of(
            new WordChange(0, 1, 2, 5, "bad", "not good", 2, 10),
            new WordChange(0, 2, 6, 10, "film", "movie", 11, 16)),
        t.changes());
  }

  @Test
  void changesTellDeletionsAndForgetWhatWasPutBack() {
    AttackedText t = text("a bad film");
    assertEquals(List.of(new WordChange(0, 1, 2, 5, "bad", "", 1, 1)), t.replace(1, "").changes());
    assertEquals(List.of(new WordChange(0, 0, 0, 1, "a", "", 0, 0)), t.replace(0, "").changes());
    assertEquals(List.of(), t.replace(1, "good").replace(1, "bad").changes());
  }

  @Test
  void thePairIsNumberedOnAndChangedAlone() {
    AttackedText t = AttackedText.of(new TextInput("A man sleeps.", "He is awake."));
    assertEquals(List.of("A", "man", "sleeps", "He", "is", "awake"), words(t));
    assertEquals(1, t.column(3));
    AttackedText u = t.replace(5, "conscious").replace(3, "");
    assertEquals(new TextInput("A man sleeps.", "is conscious."), u.input());
    assertEquals(new WordChange(1, 5, 6, 11, "awake", "conscious", 3, 12), u.changes().get(1));
    assertEquals("A man sleeps.\nis conscious.", u.text());
  }

  @Test
  void windowsKeepTheirSizeAtTheEnds() {
    AttackedText t = text("(a b, c d e f g.)");
    assertEquals("a b, c", t.window(0, 3, Extent.ALL));
    assertEquals("c d e", t.window(3, 3, Extent.ALL));
    assertEquals("e f g", t.window(6, 3, Extent.ALL));
    assertEquals("a b, c d e f g", t.window(2, 15, Extent.ALL));
    AttackedText pair = AttackedText.of(new TextInput("a b c", "d e f g"));
    assertEquals("c\nd e", pair.window(3, 3, Extent.ALL));
    assertEquals("d e f", pair.window(3, 3, Extent.COLUMN));
    assertEquals(4, pair.size(3, Extent.COLUMN));
    assertEquals(List.of("b", "c", "d", "e"), pair.wordsAround(3, 2, 1));
  }

  @Test
  void equalityIsThatOfTheColumns() {
    AttackedText t = text("a bad film");
    assertEquals(text("a good film"), t.replace(1, "good"));
    assertEquals(text("a good film").hashCode(), t.replace(1, "good").hashCode());
    assertNotEquals(t, AttackedText.of(new TextInput("a bad film", "")));
    assertTrue(Double.isNaN(t.similarity()));
    assertEquals(0.5, t.withSimilarity(0.5).similarity());
  }

  @Test
  void aReplacementWithoutAWordIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> text("a b").replace(0, "..."));
  }

  @Test
  void wordsKeptInStepEqualThoseScannedAnew() {
    List<String> sources =
        List.of(
            "He said: 'don't -stop-, no'!", "a b c d e", "x - y -- 'z' w.", "(one) two_ @three");
    List<String> parts = List.of("", "red", "not good", "o'clock", "a, b", "-x-", "naïve");
    for (int trial = 0; trial < 400; trial++) {
      Rng rng = Rng.seed(trial);
      String source = sources.get(rng.below(0, sources.size()));
      AttackedText t =
          AttackedText.of(new TextInput(source, trial % 2 == 0 ? null : "The pair, too."));
      for (int step = 0; step < 6 && t.size() > 0; step++) {
        int index = rng.below(10 + 2L * step, t.size());
        t = t.replace(index, parts.get(rng.below(11 + 2L * step, parts.size())));
        AttackedText anew = AttackedText.of(t.input());
        assertEquals(words(anew), words(t), t.text());
        for (WordChange c : t.changes()) {
          String before = c.column() == 0 ? source : "The pair, too.";
          String after = c.column() == 0 ? t.input().text() : String.valueOf(t.input().pair());
          assertEquals(c.from(), before.substring(c.start(), c.end()));
          assertEquals(c.to(), after.substring(c.newStart(), c.newEnd()));
        }
      }
    }
  }

  @Test
  void onlyReplacedWordsCountAsModified() {
    assertFalse(text("a b").modified(0));
    assertTrue(text("a b").replace(0, "c").modified(0));
  }

  private static AttackedText text(String text) {
    return AttackedText.of(new TextInput(text, null));
  }

  private static List<String> words(AttackedText t) {
    return IntStream.range(0, t.size()).mapToObj(t::word).toList();
  }

  private static List<Integer> modified(AttackedText t) {
    return IntStream.range(0, t.size()).filter(t::modified).boxed().toList();
  }
}
