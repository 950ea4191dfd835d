package dev.bulwark.robust.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.robust.eval.SpanMetrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SquadFileTest {
  private static final String GOOD =
      """
      {"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": "A \uD83D\uDE00 red car.",
       "qas": [{"id": "q", "question": "What colour?",
         "answers": [{"text": "red", "answer_start": 4}, {"text": "red car", "answer_start": 4}]}]}]}]}
      """;

  private static List<SpanQuestion> read(byte[] bytes) throws IOException {
    return SquadFile.read("x.json", new ByteArrayInputStream(bytes));
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void offsetsAreCountedInCodePointsAndComeOutInChars() throws IOException {
    for (byte[] bytes : List.of(GOOD.getBytes(StandardCharsets.UTF_8), zipped(GOOD))) {
      SpanQuestion q = read(bytes).getFirst();
      assertEquals("q", q.id());
      assertEquals(List.of("red", "red car"), q.answerTexts());
      SpanQuestion.Answer a = q.answers().getFirst();
      assertEquals(5, a.start());
      assertEquals("red", q.context().substring(a.start(), a.end()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"data\"|\"dat\"|x.json, the file: there is no list \"data\"",
        "\"qas\"|\"qa\"|article 0, paragraph 0: there is no list \"qas\"",
        "\"id\": \"q\"|\"id\": 3|there is no text \"id\"",
        "\"answer_start\": 4}, |\"answer_start\": 3}, |question q: the answer \"red\" does not stand at character 3",
        "\"answer_start\": 4}, |\"answer_start\": 400}, |does not stand at character 400",
        "\"answer_start\": 4}, |\"answer_start\": -1}, |\"answer_start\" is missing or not",
        "\"answer_start\": 4}, |\"answer_start\": 4.5}, |\"answer_start\" is missing or not",
        "\"title\": \"t\"|\"title\": \"t\", \"title\": \"u\"|line 1: not readable as JSON: Duplicate",
        "{\"version\"|[{\"version\"|not readable as JSON",
      })
  void whatIsWrongIsNamed(String from, String to, String message) {
    String bad = GOOD.replace(from, to);
    assertTrue(!bad.equals(GOOD));
    assertRefused(bad.getBytes(StandardCharsets.UTF_8), message);
  }

  private static void assertRefused(byte[] bytes, String message) {
    DataException e = assertThrows(DataException.class, () -> read(bytes));
    assertTrue(e.toString().contains(message), e.toString());
    assertTrue(e.toString().contains("x.json"), e.toString());
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    assertRefused(GOOD.substring(0, 80).getBytes(StandardCharsets.UTF_8), "not readable as JSON");
    assertRefused((GOOD + "{}").getBytes(StandardCharsets.UTF_8), "not readable as JSON");
    assertRefused("{\"data\": []}".getBytes(StandardCharsets.UTF_8), "no question");
    byte[] latin = GOOD.replace("colour", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(latin, "not readable as JSON");
    byte[] zip = zipped(GOOD);
    assertRefused(Arrays.copyOf(zip, zip.length - 30), "end too early");
    zip[zip.length - 6] ^= 1;
    assertRefused(zip, "damaged");
    String none = GOOD.replaceAll("(?s)\"answers\": \\[.*?\\]", "\"answers\": []");
    assertRefused(none.getBytes(StandardCharsets.UTF_8), "SQuAD 2.0");
    String deep = "{\"data\": " + "[".repeat(100);
    assertRefused(deep.getBytes(StandardCharsets.UTF_8), "not readable as JSON");
  }

  @Test
  void aQuestionAskedTwiceIsRefused() {
    String question = GOOD.substring(GOOD.indexOf("{\"id\""), GOOD.lastIndexOf("]}]}]}"));
    String twice = GOOD.replace(question, question + ", " + question);
    assertRefused(twice.getBytes(StandardCharsets.UTF_8), "question q: its id is there twice");
  }

  @Test
  void theAdversarialSetIsRead() throws IOException {
    String root = System.getProperty("bulwark.root", ".");
    Path file =
        Path.of(System.getProperty("bulwark.shared", root + "/../shared"))
            .resolve("data/squad_addsent/addsent.json.gz");
    assumeTrue(Files.exists(file), file + " is not there: the adversarial set is not tested");
    List<SpanQuestion> all = SquadFile.read(file);
    assertEquals(2773, all.size());
    List<String> right = all.stream().map(q -> q.answers().getLast().text()).toList();
    SpanMetrics m = SpanMetrics.of(all, right);
    assertEquals(779, m.questions());
    assertEquals(1994, m.variants());
    assertEquals(100, m.exact());
    assertEquals(100, m.adversarialF1());
  }
}
