package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.nn.text.WordPiece;
import dev.bulwark.nn.text.WordPieceOptions;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenSynonymsTest {
  private static final Tokenizer TOKENIZER =
      WordPiece.of(
          Vocabulary.of(
              List.of(
                  "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "fine", "nice", "bad",
                  "##ness", "film", "movie")),
          WordPieceOptions.uncased());
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "good", List.of("first-rate", "fine", "good", "nice", "fine"),
          "bad", List.of("good"),
          "film", List.of("movie", "motion picture"));
  private static final WordSubstitutions SOURCE =
      word ->
          WORDS.getOrDefault(word.toLowerCase(Locale.ROOT), List.of()).stream()
              .map(Substitute::new)
              .toList();

  private static TokenSynonyms synonyms(int most, boolean bothTexts) {
    return TokenSynonyms.of(TOKENIZER, SOURCE, most, bothTexts);
  }

  private static int[] ids(String... tokens) {
    return Stream.of(tokens).mapToInt(t -> TOKENIZER.vocabulary().id(t).orElseThrow()).toArray();
  }

  private static String candidates(TokenSynonyms synonyms, String text, @Nullable String pair) {
    TokenBatch batch =
        TokenBatch.of(List.of(TOKENIZER.encode(text, pair, EncodeOptions.of(16))), 0);
    return String.join(
        " ",
        Arrays.stream(synonyms.candidates(batch))
            .map(c ->
                String.join("/", Arrays.stream(c).mapToObj(TOKENIZER.vocabulary()::token).toList()))
            .toList());
  }

  @Test
  void aSynonymIsAnotherSingleToken() {
    assertArrayEquals(ids("fine", "nice"), synonyms(9, false).of(ids("good")[0]));
    assertArrayEquals(ids("fine"), synonyms(1, false).of(ids("good")[0]));
    assertArrayEquals(new int[0], synonyms(9, false).of(ids("movie")[0]));
    assertArrayEquals(new int[0], synonyms(9, false).of(-1));
    assertArrayEquals(new int[0], synonyms(9, false).of(99));
  }

  @Test
  void aWordThatGoesOnAndASpecialTokenHaveNoCandidatesButThemselves() {
    assertEquals(
        "[CLS] good ##ness film/movie bad/good [SEP]",
        candidates(synonyms(9, false), "goodness film bad", null));
  }

  @Test
  void ofAPairOnlyTheSecondTextIsFreeUnlessBothAreAskedFor() {
    assertEquals(
        "[CLS] film [SEP] film/movie [SEP]", candidates(synonyms(9, false), "film", "film"));
    assertEquals(
        "[CLS] film/movie [SEP] film/movie [SEP]", candidates(synonyms(9, true), "film", "film"));
  }

  @Test
  void paddingHasNoCandidatesButItself() {
    TokenBatch batch = new TokenBatch(1, 2, ids("film", "film"), new int[2], new int[] {1, 0});
    int[][] all = synonyms(9, false).candidates(batch);
    assertArrayEquals(ids("film", "movie"), all[0]);
    assertArrayEquals(ids("film"), all[1]);
  }
}
