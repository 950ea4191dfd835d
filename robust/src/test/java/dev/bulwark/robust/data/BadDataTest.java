package dev.bulwark.robust.data;

import static dev.bulwark.robust.data.CorpusTest.corpus;
import static dev.bulwark.robust.data.CorpusTest.message;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every malformed file is refused in one line that names the file, the place and the remedy. */
class BadDataTest {
  static List<Arguments> malformed() {
    return List.of(
        Arguments.of("a.tsv", "", "a.tsv: the file is empty"),
        Arguments.of("a.tsv", "\n\n", "a.tsv: the file is empty"),
        Arguments.of("a.csv", "", "a.csv: the file is empty"),
        Arguments.of("a.jsonl", " \n", "a.jsonl: the file is empty"),
        Arguments.of("a.tsv", "text\tlabel\n", "a.tsv: there are no rows after the header"),
        Arguments.of("a.csv", "text,label\n", "a.csv: there are no rows after the header"),
        Arguments.of("a.tsv", "text\ttag\na\t0\n", "no column is called label; found text, tag"),
        Arguments.of("a.tsv", "words\tlabel\na\t0\n", "found words, label; name the text column"),
        Arguments.of("a.tsv", "text\ttext\tlabel\na\tb\t0\n", "column \"text\" occurs 2 times"),
        Arguments.of(
            "a.tsv",
            "text\tlabel\na\t0\nb\n",
            "a.tsv, line 3: 1 cell where the header has 2 columns"),
        Arguments.of("a.tsv", "text\tlabel\na\t0\t1\n", "line 2: 3 cells where the header has 2"),
        Arguments.of("a.csv", "text,label\na,b,0\n", "a.csv, line 2: 3 cells"),
        Arguments.of("a.tsv", "text\tlabel\na\t\n", "line 2: the label is empty"),
        Arguments.of("a.csv", "text,label\n\"a,0\nb,1\n", "a.csv, line 2: not valid CSV"),
        Arguments.of("a.csv", "text,label\nc,1\n\"a\"x,0\n", "a.csv, line 3: not valid CSV"),
        Arguments.of("a.jsonl", "{\"text\": \"a\", \"label\": 0", "line 1: not a JSON object"),
        Arguments.of("a.jsonl", "[1]\n", "line 1: a JSON array where an object is expected"),
        Arguments.of("a.jsonl", "{}\n", "line 1: the object has no members"),
        Arguments.of(
            "a.jsonl", "{\"text\":\"a\",\"text\":\"b\",\"label\":0}", "line 1: not a JSON object"),
        Arguments.of(
            "a.jsonl",
            "{\"text\":\"a\",\"label\":0} {\"text\":\"b\"}",
            "line 1: not a JSON object"),
        Arguments.of(
            "a.jsonl",
            "{\"text\":\"a\",\"label\":0}\n{\"txt\":\"a\",\"label\":0}",
            "line 2: the object has no \"text\"; found txt, label; did you mean \"txt\"?"),
        Arguments.of(
            "a.jsonl",
            "{\"text\":\"a\",\"label\":0.5}",
            "\"label\" is a JSON number, not an integer"),
        Arguments.of(
            "a.jsonl",
            "{\"text\":\"a\",\"label\":null}",
            "\"label\" is a JSON null, not an integer"),
        Arguments.of(
            "a.jsonl", "{\"text\":7,\"label\":0}", "\"text\" is a JSON number, not a string"),
        Arguments.of("a.jsonl", "{\"a\":".repeat(100_000), "line 1: not a JSON object"),
        Arguments.of("a.tsv", "text\tlabel\na\t0\nb\t0\n", "a.tsv: a classifier needs at least 2"),
        Arguments.of("a.txt", "x", "a.txt: no column is called label; found text"),
        Arguments.of("a.doc", "x", "a.doc: the format does not show in the name"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void isRefusedInOneLine(String name, String text, String expected) {
    String message = message(corpus(name, text));
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("\n"), message);
    assertTrue(message.length() < 400, message);
  }

  @ParameterizedTest
  @CsvSource({"a.tsv, tab", "a.csv, comma", "a.jsonl, json"})
  void namesTheByteThatIsNotUtf8(String name, String kind) {
    String text =
        switch (kind) {
          case "tab" -> "text\tlabel\nok\t0\ncaf\u00e9\t1\n";
          case "comma" -> "text,label\nok  ,0\ncaf\u00e9,1\n";
          default -> "{\"text\":\"ok\",\"label\":0}\n{\"text\":\"caf\u00e9\",\"label\":1}\n";
        };
    byte[] bytes = text.getBytes(ISO_8859_1);
    String message = message(corpus(name, bytes));
    int offset = text.indexOf('\u00e9');
    int line = (int) text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
    assertTrue(
        message.startsWith(
            name + ", line " + line + ": not UTF-8: byte 0xE9 at offset " + offset + ";"),
        message);
  }

  @Test
  void refusesSurrogatesOverlongFormsAndCutSequences() {
    for (int[] bad : new int[][] {{0xED, 0xA0, 0x80}, {0xC0, 0x80}, {0xF5, 0x80}, {0xE2, 0x82}}) {
      byte[] bytes = new byte[13 + bad.length];
      System.arraycopy("text\tlabel\na\t".getBytes(ISO_8859_1), 0, bytes, 0, 13);
      for (int i = 0; i < bad.length; i++) {
        bytes[13 + i] = (byte) bad[i];
      }
      assertTrue(message(corpus("a.tsv", bytes)).contains("not UTF-8"));
    }
  }

  @Test
  void refusesLinesAndRecordsBeyondTheBound() {
    String longLine = "text\tlabel\n" + "x".repeat(100) + "\t1\n";
    assertTrue(
        message(corpus("a.tsv", longLine).withMaxLineBytes(64))
            .contains("a.tsv, line 2: longer than 64 bytes"));
    String openQuote = "text,label\n\"a,0\n" + "b,1\n".repeat(100);
    assertTrue(
        message(corpus("a.csv", openQuote).withMaxLineBytes(64)).contains("is a quote left open"));
  }

  @Test
  void namesTheLabelOutsideTheSetAndTheKnownOnes() {
    Labels labels = Labels.of(List.of("negative", "positive"));
    Corpus dev = corpus("dev.tsv", "text\tlabel\na\tpositive\nb\tpositiv\n");
    DataException e = assertThrows(DataException.class, () -> dev.readAll(labels));
    assertEquals(
        "dev.tsv, line 3: the label \"positiv\" is none of the 2 classes negative, positive;"
            + " did you mean \"positive\"?",
        e.getMessage());
  }

  @Test
  void suggestsTheNearestColumn() {
    Corpus corpus =
        corpus("a.tsv", "sentence\tlabel\na\t0\n").withColumns(Columns.single("sentense", "label"));
    assertEquals(
        "a.tsv: there is no column \"sentense\"; found sentence, label;"
            + " did you mean \"sentence\"?",
        message(corpus));
    Corpus twice =
        corpus("a.tsv", "sentence\tlabel\na\t0\n").withColumns(Columns.single("label", "label"));
    assertTrue(message(twice).contains("must be different columns"));
  }

  @Test
  void sortsIntegerLabelsByValueAndOthersByText() throws IOException {
    assertEquals(List.of("-1", "2", "10"), Labels.infer(List.of("10", "2", "-1", "2")).names());
    assertEquals(List.of("10", "2", "b"), Labels.infer(List.of("b", "2", "10")).names());
    assertThrows(DataException.class, () -> Labels.of(List.of("a", "b", "a")));
    assertThrows(DataException.class, () -> Labels.of(List.of("a")));
  }
}
