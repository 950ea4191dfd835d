package dev.bulwark.nn.text;

import static dev.bulwark.nn.text.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void linesAreTokensInOrder() throws IOException {
    Vocabulary vocabulary = read("[PAD]\n##\u00e9\r\n\u3000\nlast");
    assertEquals(List.of("[PAD]", "##\u00e9", "\u3000", "last"), vocabulary.tokens());
    assertEquals(4, vocabulary.size());
    assertEquals(1, vocabulary.id("##\u00e9").orElseThrow());
    assertTrue(vocabulary.id("\u00e9").isEmpty());
    assertEquals("last", vocabulary.token(3));
    assertThrows(IllegalArgumentException.class, () -> vocabulary.token(-1));
    assertThrows(IllegalArgumentException.class, () -> vocabulary.token(4));
  }

  @Test
  void damagedFilesAreRefusedWithTheLine() {
    assertRefused("", "v.txt has no tokens.");
    assertRefused("a\nb\na\n", "v.txt, line 3: the token 'a' is there already with id 0.");
    assertRefused("a\n\nb\n", "v.txt, line 2: the token is empty.");
    assertRefused("a\n" + "x".repeat(1001), "v.txt, line 2: the token has 1001 chars");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    for (byte[] bytes :
        List.of(
            new byte[] {'a', (byte) 0xC0, (byte) 0x80},
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})) {
      String error = refusal(() -> Vocabulary.read(new ByteArrayInputStream(bytes), "v.txt"));
      assertEquals("v.txt is not valid UTF-8; convert it first.", error);
    }
  }

  @Test
  void anEndlessFileIsRefusedAtTheBound() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }

          @Override
          public int read(byte[] into, int from, int count) {
            java.util.Arrays.fill(into, from, from + count, (byte) 'a');
            return count;
          }
        };
    String error = refusal(() -> Vocabulary.read(endless, "v.txt"));
    assertTrue(error.contains("larger than 67108864 bytes"), error);
  }

  private static Vocabulary read(String text) throws IOException {
    return Vocabulary.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "v.txt");
  }

  private static void assertRefused(String text, String message) {
    String error = refusal(() -> read(text));
    assertTrue(error.startsWith(message), error);
  }
}
