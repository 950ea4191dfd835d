package dev.bulwark.nn.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every code point through normaliser and pre-tokenizer, between an {@code a} and a {@code b}:
 * words that come out tell dropped, blank, padded, punctuation and mapped characters apart.
 */
class BertUnicodeTest {
  private static final int SURROGATES = Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1;

  /** Collects words instead of cutting them. */
  private static final class Words implements WordSplitter {
    private final StringBuilder line = new StringBuilder();

    @Override
    public boolean split(char[] word, int length, int[] from, int[] to, int number, TokenRow row) {
      line.append(line.isEmpty() ? "" : " ").append(word, 0, length);
      return true;
    }

    @Override
    public int unknownId() {
      return 0;
    }

    @Override
    public int maxCharsPerWord() {
      return Integer.MAX_VALUE;
    }

    String of(String text, WordPieceOptions options) {
      line.setLength(0);
      AddedTokens none = new AddedTokens(List.of());
      WordPieceScanner.scan(text, this, none, options, Integer.MAX_VALUE);
      return line.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncased", "cased", "strip-only", "lower-only", "unclean", "no-chinese"})
  void everyCodePointGivesTheWordsHuggingFaceGives(String variant) {
    WordPieceOptions options = Objects.requireNonNull(HuggingFace.VARIANTS.get(variant));
    HuggingFace.Digest digest = new HuggingFace.Digest();
    Words words = new Words();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (Character.getType(c) != Character.SURROGATE) {
        digest.line(words.of("a" + Character.toString(c) + "b", options));
      }
    }
    HuggingFace.assertDigest("code-points " + variant, digest);
  }

  @Test
  void everyCodePointAgreesWithTheFixtures() throws IOException {
    Path fixtures = fixtures();
    String[] bert = BertUnicodeGenerator.lines(fixtures.resolve("bert.txt.gz"));
    String[] pieces = BertUnicodeGenerator.lines(fixtures.resolve("bpt.txt.gz"));
    Words words = new Words();
    int checked = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (Character.getType(c) != Character.SURROGATE) {
        StringBuilder expected = new StringBuilder("a");
        for (int n : BertUnicodeGenerator.codePoints(bert[c])) {
          switch (pieces[n]) {
            case "1" -> expected.appendCodePoint(n);
            case "2" -> expected.append(' ');
            default -> expected.append(' ').appendCodePoint(n).append(' ');
          }
        }
        expected.append('b');
        String actual = words.of("a" + Character.toString(c) + "b", WordPieceOptions.uncased());
        String wanted = expected.toString().replaceAll(" +", " ");
        if (!wanted.equals(actual)) {
          assertEquals(wanted, actual, "U+%04X".formatted(c));
        }
        checked++;
      }
    }
    assertEquals(Character.MAX_CODE_POINT + 1 - SURROGATES, checked);
  }

  @Test
  void theResourceIsWhatTheGeneratorMakesOfTheFixtures() throws IOException {
    String resource;
    try (InputStream in = BertUnicode.class.getResourceAsStream("bert-unicode.txt")) {
      resource = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    }
    assertEquals(BertUnicodeGenerator.generate(fixtures()), resource);
  }

  @Test
  void aTurkishDefaultLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    List<String> results = new ArrayList<>();
    try {
      for (Locale locale : List.of(Locale.ROOT, Locale.forLanguageTag("tr"))) {
        Locale.setDefault(locale);
        results.add(
            new Words().of("TITLE I\u0130\u0131i \u03a3\u03a3", WordPieceOptions.uncased()));
      }
    } finally {
      Locale.setDefault(before);
    }
    assertEquals(results.get(0), results.get(1));
    assertEquals("title ii\u0131i \u03c3\u03c3", results.get(0));
  }

  private static Path fixtures() {
    var folder = HuggingFace.shared("fixtures/tokenizer");
    assumeTrue(folder.isPresent(), "needs shared/fixtures/tokenizer, the output of Hugging Face");
    return folder.orElseThrow();
  }
}
