package dev.bulwark.robust.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {
  private static final List<Example> SINGLES =
      List.of(new Example("good \"film\"", null, 1), new Example("bäd 😀, film", null, 0));

  @Test
  void readsTsvWithoutTreatingQuotesAsQuotes() throws IOException {
    Corpus corpus = corpus("a.tsv", "sentence\tlabel\ngood \"film\"\t1\nbäd 😀, film\t0\n");
    assertEquals(SINGLES, corpus.readAll(corpus.labels()));
  }

  @Test
  void readsCsvByRfc4180() throws IOException {
    Corpus corpus = corpus("a.csv", "label,text\r\n1,\"good \"\"film\"\"\"\r\n0,\"bäd 😀, film\"");
    assertEquals(SINGLES, corpus.readAll(corpus.labels()));
  }

  @Test
  void readsJsonLinesWithIntegerLabels() throws IOException {
    Corpus corpus =
        corpus(
            "a.jsonl",
            """
            {"content": "good \\"film\\"", "label": 1, "extra": [1, {"deep": null}]}

            {"label": 0, "content": "b\\u00e4d \\ud83d\\ude00, film"}
            """);
    assertEquals(SINGLES, corpus.readAll(corpus.labels()));
  }

  @ParameterizedTest
  @CsvSource({
    "premise;hypothesis;label, premise, hypothesis, label",
    "idx;question;sentence;label, question, sentence, label",
    "question1;question2;label, question1, question2, label",
    "Sentence1;Sentence2;gold_label, Sentence1, Sentence2, gold_label",
    "question;passage;label, question, passage, label",
  })
  void findsPairColumnsByTheirUsualNames(String header, String text, String pair, String label)
      throws IOException {
    String line = header.replace(';', '\t');
    String row = line.replaceAll("[^\t]+", "x");
    try (Rows rows = corpus("a.tsv", line + "\n" + row + "\n").rows()) {
      assertEquals(new Columns(text, pair, label), rows.columns());
      assertEquals(new Row("x", "x", "x", 2), rows.next());
    }
  }

  @Test
  void readsNamedColumns() throws IOException {
    Corpus corpus =
        corpus("a.tsv", "a\tb\tc\nneg\tone\ttwo\npos\tthree\tfour\n")
            .withColumns(new Columns("c", "b", "a"));
    Labels labels = corpus.labels();
    assertEquals(List.of("neg", "pos"), labels.names());
    assertEquals(
        List.of(new Example("two", "one", 0), new Example("four", "three", 1)),
        corpus.readAll(labels));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tsv.gz", "a.tsv"})
  void unpacksGzipWhateverTheName(String name) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("text\tlabel\na\tx\nb\ty\n".getBytes(UTF_8));
    }
    Corpus corpus = corpus(name, packed.toByteArray());
    assertEquals(2, corpus.readAll(corpus.labels()).size());
  }

  @Test
  void saysWhenGzipEndsEarlyOrIsDamaged() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 1000; i++) {
        out.write(
            (i == 0 ? "text\tlabel\n" : i * 7919L % 1009 + "\t" + i % 2 + "\n").getBytes(UTF_8));
      }
    }
    byte[] whole = packed.toByteArray();
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    assertTrue(message(corpus("a.tsv.gz", cut)).contains("end too early"));
    byte[] broken = whole.clone();
    broken[whole.length - 6] ^= 0x55;
    assertTrue(message(corpus("a.tsv.gz", broken)).contains("damaged"));
  }

  @Test
  void dropsAByteOrderMarkAndAcceptsEveryLineEnd() throws IOException {
    Corpus corpus = corpus("a.tsv", "\uFEFFtext\tlabel\r\na\t0\r\n\r\nb\t1");
    assertEquals(
        List.of(new Example("a", null, 0), new Example("b", null, 1)),
        corpus.readAll(corpus.labels()));
  }

  @Test
  void streamsAFileThatNeverEnds() throws IOException {
    byte[] rows = "one of endlessly many\t0\n".repeat(100).getBytes(UTF_8);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return rows[0];
          }

          @Override
          public int read(byte[] target, int from, int count) {
            int part = Math.min(count, rows.length);
            System.arraycopy(rows, 0, target, from, part);
            return part;
          }
        };
    InputStream header = new ByteArrayInputStream("text\tlabel\n".getBytes(UTF_8));
    Corpus corpus = Corpus.of("a.tsv", () -> new SequenceInputStream(header, endless));
    try (Stream<Example> stream = corpus.stream(Labels.of(List.of("0", "1")))) {
      assertEquals(10_000, stream.limit(10_000).filter(e -> e.label() == 0).count());
    }
  }

  @Test
  void readsPlainLinesInStepWithBlankOnes() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Rows all = corpus("a.txt", "one\ttab\r\n\n{three}").unlabelled().rows()) {
      all.forEachRemaining(rows::add);
    }
    assertEquals(
        List.of(
            new Row("one\ttab", null, null, 1),
            new Row("", null, null, 2),
            new Row("{three}", null, null, 3)),
        rows);
  }

  @Test
  void needsNoLabelsWhenNoneAreWanted() throws IOException {
    Corpus corpus = corpus("a.jsonl", "{\"premise\": \"a\", \"hypothesis\": \"b\"}");
    try (Rows rows = corpus.unlabelled().rows()) {
      assertEquals(new Row("a", "b", null, 1), rows.next());
    }
    assertTrue(message(corpus).contains("no column is called label"));
    Corpus named = corpus("a.csv", "x,label\na,0\n").withColumns(Columns.single("x", "label"));
    try (Rows rows = named.unlabelled().rows()) {
      assertEquals(new Row("a", null, null, 2), rows.next());
    }
    assertTrue(message(named.unlabelled()).contains("read without a label"));
  }

  @Test
  void closesTheFileWithTheStream() throws IOException {
    List<String> closed = new ArrayList<>();
    byte[] bytes = "text\tlabel\na\t0\nb\t1\n".getBytes(UTF_8);
    Corpus corpus =
        Corpus.of(
            "a.tsv",
            () ->
                new ByteArrayInputStream(bytes) {
                  @Override
                  public void close() {
                    closed.add("closed");
                  }
                });
    corpus.stream(Labels.of(List.of("0", "1"))).close();
    assertEquals(List.of("closed"), closed);
    assertThrows(
        DataException.class, () -> corpus.withColumns(Columns.single("text", "lable")).rows());
    assertEquals(2, closed.size());
  }

  @Test
  void endsTheIteration() throws IOException {
    try (Rows rows = corpus("a.tsv", "text\tlabel\na\t0\n").rows()) {
      assertTrue(rows.hasNext());
      Row row = rows.next();
      assertNull(row.pair());
      assertFalse(rows.hasNext());
      assertThrows(NoSuchElementException.class, rows::next);
    }
  }

  @Test
  void readsFilesFromDisk(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("train.tsv");
    Files.writeString(file, "text\tlabel\na\tno\nb\tyes\n");
    Corpus corpus = Corpus.of(file);
    assertEquals(List.of("no", "yes"), corpus.labels().names());
    assertEquals(file.toString(), corpus.name());
    String missing = message(Corpus.of(folder.resolve("none.tsv")));
    assertTrue(missing.endsWith("none.tsv: no such file"), missing);
    String directory = folder.resolve("d.tsv").toString();
    Files.createDirectory(Path.of(directory));
    assertTrue(message(Corpus.of(Path.of(directory))).contains("a folder"));
  }

  @Test
  void countsCsvLinesThroughQuotedLineBreaks() throws IOException {
    String text = "text,label\n\"a\nb\",x\n\nc,y\n\"d\n\",x";
    List<Long> lines = new ArrayList<>();
    try (Rows rows = corpus("a.csv", text).rows()) {
      rows.forEachRemaining(row -> lines.add(row.line()));
    }
    assertEquals(List.of(2L, 5L, 6L), lines);
  }

  static String message(Corpus corpus) {
    return String.valueOf(assertThrows(DataException.class, corpus::labels).getMessage());
  }

  static Corpus corpus(String name, String text) {
    return corpus(name, text.getBytes(UTF_8));
  }

  static Corpus corpus(String name, byte[] bytes) {
    return Corpus.of(name, () -> new ByteArrayInputStream(bytes));
  }
}
