package dev.bulwark.nn.text;

import static dev.bulwark.nn.text.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ByteLevelBpeTest {
  @TempDir Path folder;

  private static Path files() {
    try {
      return Path.of(Objects.requireNonNull(ByteLevelBpeTest.class.getResource("bpe")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int[] ints(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static int codePoint(Encoding e, int i, int offset, String text, @Nullable String pair) {
    boolean second = pair != null && i > lastOfFirst(e);
    return Encoding.codePointOffset(second ? Objects.requireNonNull(pair) : text, offset);
  }

  /** Place of the separator that closes the first text, which the tokenizer put in. */
  private static int lastOfFirst(Encoding e) {
    int i = 1;
    while (!e.isSpecial(i)) {
      i++;
    }
    return i;
  }

  @Test
  void equalsHuggingFace() throws IOException {
    Tokenizer tokenizer = Tokenizers.load(files());
    int lines = 0;
    for (String line : Files.readAllLines(files().resolve("encodings.jsonl"))) {
      JsonNode e = JsonMapper.shared().readTree(line);
      String text = e.get("text").stringValue();
      String pair = e.get("pair").isNull() ? null : e.get("pair").stringValue();
      Encoding a = tokenizer.encode(text, pair, EncodeOptions.unlimited());
      assertArrayEquals(ints(e.get("ids")), a.ids(), line);
      assertArrayEquals(ints(e.get("words")), a.wordIds(), line);
      int[] offsets = new int[2 * a.length()];
      Arrays.setAll(
          offsets,
          i -> codePoint(a, i / 2, i % 2 == 0 ? a.start(i / 2) : a.end(i / 2), text, pair));
      assertArrayEquals(ints(e.get("offsets")), offsets, line);
      assertEquals(e.get("decoded").stringValue(), tokenizer.decode(a.ids(), true), line);
      lines++;
    }
    assertTrue(lines > 50);
  }

  @Test
  void aMaskTakesTheBlanksOnItsLeft() throws IOException {
    Tokenizer tokenizer = ByteLevelBpe.read(files());
    Encoding e =
        tokenizer.encode("a  <mask> b", null, EncodeOptions.unlimited().withoutSpecialTokens());
    assertEquals(List.of("a", "<mask>", "\u0120b"), e.tokens(tokenizer.vocabulary()));
    assertEquals(1, e.start(1));
  }

  @Test
  void cutsToTheLimit() throws IOException {
    Tokenizer tokenizer = ByteLevelBpe.read(files());
    Encoding e = tokenizer.encode("the movie was good", "and the story", EncodeOptions.of(9));
    assertEquals(9, e.length());
    assertEquals(tokenizer.clsId(), e.id(0));
    assertEquals(tokenizer.sepId(), e.id(8));
    assertTrue(refusal(() -> tokenizer.encode("a", "b", EncodeOptions.of(3))).contains("no room"));
  }

  @Test
  void aLoneSurrogateIsAReplacementCharacter() throws IOException {
    Tokenizer tokenizer = ByteLevelBpe.read(files());
    assertEquals(tokenizer.encode("a\ufffdb", 20), tokenizer.encode("a\ud800b", 20));
  }

  @Test
  void aLongWordIsNoWorseThanItsLength() throws IOException {
    Tokenizer tokenizer = ByteLevelBpe.read(files());
    String text = "the".repeat(100_000);
    Encoding e = tokenizer.encode(text, null, EncodeOptions.unlimited());
    assertEquals(text, tokenizer.decode(e.ids(), true));
  }

  @Test
  void whatIsSavedReadsBackEqual() throws IOException {
    Tokenizer before = ByteLevelBpe.read(files());
    before.save(folder.resolve("new"));
    Tokenizer after = Tokenizers.load(folder.resolve("new"));
    assertEquals(before.vocabulary().tokens(), after.vocabulary().tokens());
    String text = "the government was 3.14 \u00e9 <mask>";
    assertEquals(before.encode(text, 50), after.encode(text, 50));
    assertEquals(
        Files.readAllLines(files().resolve("merges.txt")).stream()
            .filter(line -> !line.isEmpty())
            .toList(),
        Files.readAllLines(folder.resolve("new/merges.txt")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "merges.txt|x y z|line 2: there should be two tokens",
        "merges.txt|xyz|line 2: there should be two tokens",
        "merges.txt|x y|merge 0: the vocabulary lacks 'xy'",
        "merges.txt|\u4e00 y|merge 0: the vocabulary lacks '\u4e00'",
        "merges.txt|h e#h e|merge 1: the pair 'h e' is there already",
        "vocab.json|[1]|does not hold a JSON object",
        "vocab.json|{\"a\": 0, \"a\": 1}|is not valid JSON",
        "vocab.json|{\"a\": 1}|'a' should be an id from 0 to 0 that no other has",
        "vocab.json|{\"a\": 0, \"b\": 0}|'b' should be an id from 0 to 1 that no other has",
        "vocab.json|{\"a\": 0.5}|'a' should be an id",
        "vocab.json|{\"a\": \"0\"}|'a' should be an id",
        "vocab.json|{\"\": 0}|the token is empty",
        "vocab.json|{\"a\": 0}|byte 0: the vocabulary lacks",
        "vocab.json|{|is not valid JSON",
      })
  void damagedFilesAreRefused(String name, String content, String message) throws IOException {
    for (String file : List.of("vocab.json", "merges.txt")) {
      Files.copy(files().resolve(file), folder.resolve(file));
    }
    String start = name.equals("merges.txt") ? "#version: 0.2\n" : "";
    Files.writeString(folder.resolve(name), start + content.replace('#', '\n'));
    String said = refusal(() -> ByteLevelBpe.read(folder));
    assertTrue(said.contains(message), said);
    assertTrue(said.contains(name.equals("vocab.json") ? "" : "merges.txt"), said);
  }

  @Test
  void aVocabularyWithoutSpecialTokensIsRefused() throws IOException {
    Files.copy(files().resolve("merges.txt"), folder.resolve("merges.txt"));
    Files.writeString(
        folder.resolve("vocab.json"),
        Files.readString(files().resolve("vocab.json")).replace("<mask>", "<m>"));
    assertTrue(
        refusal(() -> ByteLevelBpe.read(folder)).contains("lacks the special token '<mask>'"));
  }
}
