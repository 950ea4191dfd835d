package dev.bulwark.robust.lexicon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PosTaggerTest {
  private final PosTagger tagger = PosTagger.bundled();

  @Test
  void tagsAPlainSentence() {
    assertEquals(
        List.of(Pos.PRON, Pos.VERB, Pos.DET, Pos.ADJ, Pos.NOUN, Pos.ADP, Pos.NOUN),
        tagger.tag(List.of("she", "bought", "a", "cheap", "car", "in", "Paris")));
  }

  @Test
  void mapsUniversalDependenciesToTheSmallSet() {
    assertEquals(Pos.NOUN, Pos.ofUd("PROPN"));
    assertEquals(Pos.VERB, Pos.ofUd("AUX"));
    assertEquals(Pos.CONJ, Pos.ofUd("SCONJ"));
    assertEquals(Pos.CONJ, Pos.ofUd("CCONJ"));
    assertEquals(Pos.PRT, Pos.ofUd("PART"));
    assertEquals(Pos.PUNCT, Pos.ofUd("PUNCT"));
    assertEquals(Pos.X, Pos.ofUd("INTJ"));
    assertEquals(Pos.X, Pos.ofUd("SYM"));
  }

  @Test
  void tagsARepeatedWordAtItsOwnPlace() {
    List<String> window = List.of("they", "watch", "the", "watch", "closely");
    assertEquals(Pos.VERB, tagger.tagAt(window, 1));
    assertEquals(Pos.NOUN, tagger.tagAt(window, 3));
  }

  @Test
  void nounsAndVerbsInterchangeOnlyWhenAllowed() {
    assertTrue(Pos.NOUN.admits(Pos.VERB, true));
    assertFalse(Pos.NOUN.admits(Pos.VERB, false));
    assertFalse(Pos.NOUN.admits(Pos.ADJ, true));
    assertTrue(Pos.ADJ.admits(Pos.ADJ, false));
  }

  @Test
  void manyThreadsGetTheSameTags() {
    List<String> sentence = List.of("a", "film", "that", "works", "well");
    List<Pos> expected = tagger.tag(sentence);
    assertTrue(
        IntStream.range(0, 200)
            .parallel()
            .allMatch(i ->
                tagger.tag(sentence).equals(expected)
                    && tagger.tagAt(sentence, i % 5) == expected.get(i % 5)));
  }

  @Test
  void noWordsHaveNoTags() {
    assertEquals(List.of(), tagger.tag(List.of()));
  }
}
