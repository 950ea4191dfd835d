package dev.bulwark.nn.text;

import static dev.bulwark.nn.text.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a caller of {@link WordPiece} may rely on beyond equality with Hugging Face. */
class WordPieceTest {
  private static final List<String> TOKENS =
      List.of(
          "[PAD]",
          "[UNK]",
          "[CLS]",
          "[SEP]",
          "[MASK]",
          "un",
          "##aff",
          "##able",
          "want",
          "##ed",
          "runn",
          "##ing",
          ",",
          "low",
          "\uD835\uDC00",
          "##\uD835\uDC01");
  private final WordPiece tokenizer =
      WordPiece.of(Vocabulary.of(TOKENS), WordPieceOptions.uncased());

  @Test
  void wordsAreCutIntoTheLongestPieces() {
    Encoding encoding = tokenizer.encode("UNwant\u00e9d,running", 16);
    assertEquals(
        List.of("[CLS]", "[UNK]", ",", "runn", "##ing", "[SEP]"), encoding.tokens(vocabulary()));
    encoding = tokenizer.encode("Unaffable lo\u0301w", 16);
    assertEquals(
        List.of("[CLS]", "un", "##aff", "##able", "low", "[SEP]"), encoding.tokens(vocabulary()));
    assertArrayEquals(new int[] {0, 0, 2, 5, 10, 0}, encoding.startOffsets());
    assertArrayEquals(new int[] {0, 2, 5, 9, 14, 0}, encoding.endOffsets());
    assertArrayEquals(new int[] {-1, 0, 0, 0, 1, -1}, encoding.wordIds());
  }

  @Test
  void offsetsCountCharsAndConvertToCodePoints() {
    String text = "\uD835\uDC00\uD835\uDC01 low";
    Encoding encoding = tokenizer.encode(text, 16);
    assertArrayEquals(new int[] {0, 0, 2, 5, 0}, encoding.startOffsets());
    assertArrayEquals(new int[] {0, 2, 4, 8, 0}, encoding.endOffsets());
    assertEquals("low", text.substring(encoding.start(3), encoding.end(3)));
    assertEquals(3, Encoding.codePointOffset(text, encoding.start(3)));
  }

  @Test
  void aLoneSurrogateCountsAsReplacementCharacter() {
    for (String lone : List.of("\uD835", "\uDC00", "\uDC00\uD835")) {
      assertEquals(
          tokenizer.encode("low" + "\ufffd".repeat(lone.length()) + "want\u302e", 16),
          tokenizer.encode("low" + lone + "want\u302e", 16),
          "slow way");
      assertArrayEquals(
          tokenizer.encode("low", 16).ids(), tokenizer.encode("lo" + lone + "w", 16).ids());
    }
    WordPiece unclean =
        WordPiece.of(vocabulary(), WordPieceOptions.uncased().change().cleanText(false).build());
    assertEquals(unclean.encode("low \ufffd", 16), unclean.encode("low \uD835", 16));
  }

  @Test
  void whatTheLimitCutsOffDoesNotChangeWhatIsKept() {
    String text = "unaffable want [MASK], low \u302e ".repeat(20);
    Encoding all = tokenizer.encode(text, null, EncodeOptions.unlimited());
    for (int limit = 2; limit < all.length(); limit++) {
      int[] expected = IntStream.range(0, limit).map(all::id).toArray();
      expected[limit - 1] = tokenizer.sepId();
      assertArrayEquals(expected, tokenizer.encode(text, limit).ids(), "limit " + limit);
    }
  }

  @Test
  void aLimitWithoutRoomForSpecialTokensIsRefused() {
    String error = refusal(() -> tokenizer.encode("a", "b", EncodeOptions.of(2)));
    assertTrue(error.contains("no room for the 3 special tokens"));
    assertThrows(IllegalArgumentException.class, () -> EncodeOptions.of(0));
    assertEquals(3, tokenizer.encode("a", "b", EncodeOptions.of(3)).length());
  }

  @Test
  void theLargestLimitIsNoLimit() {
    EncodeOptions largest = EncodeOptions.of(Integer.MAX_VALUE);
    assertEquals(3, tokenizer.encode("low", null, largest).length());
    assertEquals(1, tokenizer.encode("low", null, largest.withoutSpecialTokens()).length());
    assertEquals(5, tokenizer.encode("low", "want", largest).length());
  }

  @Test
  void longTextsAndLongWordsAndLongRunsOfMarksAreNoTrouble() {
    int million = 1_000_000;
    assertEquals(3, tokenizer.encode("x".repeat(million), 16).length());
    assertEquals(2, tokenizer.encode(" \u0301".repeat(million), 16).length());
    assertEquals(
        million + 2,
        tokenizer.encode(",".repeat(million), null, EncodeOptions.unlimited()).length());
    String marks = "a" + "\u302e\u0316".repeat(million / 2);
    assertEquals(tokenizer.unknownId(), tokenizer.encode(marks, 16).id(1));
    assertEquals(marks.length(), tokenizer.encode(marks, 16).end(1));
    assertEquals(2 + million / 2, limitless("[MASK]x".repeat(million / 4)));
  }

  private int limitless(String text) {
    return tokenizer.encode(text, null, EncodeOptions.unlimited()).length();
  }

  @Test
  void addedTokensHonourTheirFlags() {
    List<AddedToken> added =
        List.of(
            AddedToken.special("[MASK]", 4),
            new AddedToken("low", 13, true, false, false, false),
            new AddedToken("want", 8, false, true, true, false));
    WordPiece custom =
        new WordPiece(vocabulary(), WordPieceOptions.uncased(), added, Set.of(), "test");
    EncodeOptions bare = EncodeOptions.unlimited().withoutSpecialTokens();
    // Whole words only; LOW is not the added token but becomes the same piece later.
    assertEquals(
        List.of("low", ",", "low", "[UNK]", "[UNK]", "low"),
        custom.encode("low,low lowly slow LOW", null, bare).tokens(vocabulary()));
    Encoding stripped = custom.encode("un  want \u3000un", null, bare);
    assertEquals(List.of("un", "want", "un"), stripped.tokens(vocabulary()));
    assertEquals(2, stripped.start(1));
    assertEquals(10, stripped.end(1));
    assertEquals("un want", custom.decode(new int[] {5, 4, 8}, true));
  }

  @Test
  void decodingRefusesUnknownIds() {
    String error = refusal(() -> tokenizer.decode(new int[] {5, 16}, false));
    assertEquals("Token id 16 is not in a vocabulary of 16 tokens.", error);
  }

  @Test
  void specialTokensMustBeInTheVocabulary() {
    String error =
        refusal(() -> WordPiece.of(Vocabulary.of(List.of("a", "b")), WordPieceOptions.uncased()));
    assertTrue(error.contains("'[PAD]'"), error);
    assertThrows(
        IllegalArgumentException.class,
        () -> WordPieceOptions.uncased().change().maxInputCharsPerWord(0).build());
  }

  @Test
  void encodingsAreValuesThatCannotBeChanged() {
    Encoding encoding = tokenizer.encode("low", 8);
    encoding.ids()[0] = 99;
    encoding.special()[0] = false;
    assertEquals(tokenizer.encode("low", 8), encoding);
    assertEquals(tokenizer.encode("low", 8).hashCode(), encoding.hashCode());
    assertNotEquals(tokenizer.encode(" low", 8), encoding);
    assertTrue(encoding.isSpecial(0));
    assertFalse(encoding.isSpecial(1));
    assertEquals(1, tokenizer.encode("low", "want", EncodeOptions.of(8)).sequence(3));
  }

  @Test
  void oneTokenizerServesManyThreads() throws Exception {
    Tokenizer shared = HuggingFace.miniLm();
    RandomTexts random = new RandomTexts(7);
    List<String> texts = IntStream.range(0, 500).mapToObj(i -> random.text()).toList();
    Callable<List<Encoding>> work = () -> texts.stream().map(t -> shared.encode(t, 32)).toList();
    List<Encoding> alone = work.call();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Encoding>>> results =
          IntStream.range(0, 16).mapToObj(i -> threads.submit(work)).toList();
      for (Future<List<Encoding>> result : results) {
        assertEquals(alone, result.get());
      }
    }
  }

  private static Vocabulary vocabulary() {
    return Vocabulary.of(TOKENS);
  }
}
