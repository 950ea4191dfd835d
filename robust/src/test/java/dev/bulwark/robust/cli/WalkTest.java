package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.robust.Tiny;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Train, predict, evaluate and attack from the command line, on a model that learns in a second.
 */
class WalkTest {
  @TempDir static Path shared;
  @TempDir Path temp;

  @BeforeAll
  static void train() {
    Tiny.encoder(shared.resolve("encoder"));
    Tiny.tsv(shared.resolve("train.tsv"), 200, 1);
    Tiny.tsv(shared.resolve("test.tsv"), 40, 2);
    Cli run =
        Cli.run(
            "train",
            "--model=" + shared.resolve("encoder"),
            "--train=" + shared.resolve("train.tsv"),
            "--epochs=8",
            "--batch-size=16",
            "--lr=3e-3",
            "--out=" + model());
    assertEquals(0, run.code(), run.err());
    assertEquals("", run.out(), "standard output stays clean");
    assertTrue(
        run.err().contains("standard on 180 examples of 2 classes, 20 for development"), run.err());
    assertTrue(run.err().contains("(100 %)"), run.err());
    assertTrue(run.err().contains("best so far, saved"), run.err());
    assertTrue(run.err().contains("best dev accuracy 100.00 %"), run.err());
  }

  private static Path model() {
    return shared.resolve("run");
  }

  private static Cli predict(String input) {
    return Cli.runWithInput(
        input.getBytes(StandardCharsets.UTF_8), "predict", "--model=" + model());
  }

  private static List<JsonNode> rows(Cli run) {
    assertEquals(0, run.code(), run.err());
    return run.out().lines().map(l -> JsonMapper.shared().readTree(l)).toList();
  }

  private static List<String> labels(Cli run) {
    return rows(run).stream().map(r -> r.get("label").stringValue()).toList();
  }

  @Test
  void linesOfTextAreClassifiedInOrder() {
    Cli run = predict("the film was great\nit is awful\n\na charming story");
    assertEquals(4, rows(run).size());
    assertEquals(List.of("good", "bad"), labels(run).subList(0, 2));
    assertEquals("good", labels(run).get(3));
    JsonNode p = rows(run).getFirst().get("probabilities");
    assertEquals(List.of("bad", "good"), List.copyOf(p.propertyNames()));
    assertEquals(1, p.get("bad").doubleValue() + p.get("good").doubleValue(), 1e-5);
  }

  @Test
  void jsonLinesAreClassifiedToo() {
    Cli run =
        predict(
            """
            {"text": "the film was great"}
            {"sentence": "the film was great", "id": 3}
            {"text": "the film", "pair": "was awful"}
            {"premise": "it is", "hypothesis": "awful"}
            the film was great
            """);
    assertEquals(List.of("good", "good", "bad", "bad", "good"), labels(run));
    assertEquals(rows(run).get(0), rows(run).get(4));
  }

  @Test
  void manyLinesOfAFileComeOutInOrder() throws IOException {
    StringBuilder text = new StringBuilder();
    for (var e : Tiny.examples(700, 9)) {
      text.append(e.text()).append('\n');
    }
    Path file = Files.writeString(temp.resolve("many.txt"), text);
    List<String> labels = labels(Cli.run("predict", "--model=" + model(), "--input=" + file));
    assertEquals(700, labels.size());
    int right = 0;
    for (int i = 0; i < labels.size(); i++) {
      right += Tiny.LABELS.name(i % 2).equals(labels.get(i)) ? 1 : 0;
    }
    assertTrue(right > 680, right + " of 700 right; it would be half of them in another order");
  }

  @Test
  void noLinesGiveNoLines() {
    assertEquals(new Cli(0, "", ""), predict(""));
  }

  @Test
  void whatCannotBePredictedIsNamedWithItsLine() {
    String good = "the film was great\n";
    refused(predict(good + good + "{\"text\": \n"), "standard input line 3", "JSON");
    refused(predict(good + "{\"text\": 3}\n"), "standard input line 2", "text");
    refused(predict("{\"txt\": \"a\"}\n"), "standard input line 1", "text");
    refused(predict("{\"text\": \"a\"} x\n"), "standard input line 1");
    byte[] latin = (good + "caf\u00e9\n" + good).getBytes(StandardCharsets.ISO_8859_1);
    refused(
        Cli.runWithInput(latin, "predict", "--model=" + model()), "standard input", "2", "UTF-8");
    refused(
        Cli.run("predict", "--model=" + model(), "--input=" + temp.resolve("none")),
        "no such file",
        "none");
    refused(Cli.run("predict", "--model=" + model(), "--input=" + temp), "a folder, not a file");
    refused(
        Cli.run("predict", "--model=" + model(), "--max-length=1"),
        "max-length is 1",
        "at least 3");
  }

  private static void refused(Cli run, String... parts) {
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), "'" + part + "' in: " + run.err());
    }
  }

  @Test
  void aFullStandardOutputIsAFailure() throws IOException, InterruptedException {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "needs a device that is always full");
    Path one = Files.writeString(temp.resolve("one.txt"), "the film was great\n");
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" > /dev/full", "redirected"));
    command.addAll(Cli.command(Cli.VECTORS, "predict", "--model=" + model(), "--input=" + one));
    Cli run = Cli.process(command);
    assertEquals(1, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("standard output cannot be written"), run.err());
  }

  @Test
  void evalSaysHowGoodTheModelIs() {
    Cli run =
        Cli.run(
            "eval",
            "--model=" + model(),
            "--data=" + shared.resolve("test.tsv"),
            "--out=" + temp.resolve("report"));
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("Evaluation report"), run.out());
    assertTrue(run.out().matches("(?s).* (9\\d\\.\\d|100\\.0) %.*"), run.out());
    assertTrue(run.err().contains("report.html"), run.err());
    assertTrue(Files.exists(temp.resolve("report/report.json")));
  }

  @Test
  void attackComparesModelsAndGoesOnWhereItStopped() throws IOException {
    String[] args = {
      "attack",
      "--model=" + model(),
      "--data=" + shared.resolve("test.tsv"),
      "--limit=12",
      "--encoder=" + shared.resolve("encoder"),
      "--out=" + temp.resolve("attack")
    };
    Cli run = Cli.run(args);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("12/12 (100 %)"), run.err());
    for (String file : List.of("report.html", "report.md", "report.json", "outcomes-0.jsonl")) {
      assertTrue(Files.size(temp.resolve("attack").resolve(file)) > 0, file);
    }
    String log = Files.readString(temp.resolve("attack/outcomes-0.jsonl"));
    Cli again = Cli.run(args);
    assertEquals(0, again.code(), again.err());
    assertEquals(log, Files.readString(temp.resolve("attack/outcomes-0.jsonl")));
  }

  @Test
  void attackRefusesWhatItCannotDo() {
    String[] base = {
      "attack",
      "--model=" + model(),
      "--data=" + shared.resolve("test.tsv"),
      "--out=" + temp.resolve("attack"),
      "--quiet"
    };
    refused(Cli.run(with(base, "--recipe=textfoolish")), "textfoolish", "textfooler, pwws");
    refused(Cli.run(with(base, "--limit=-3")), "--limit is -3");
    refused(Cli.run(with(base, "--candidates=0", "--min-similarity=0")), "candidates");
    refused(Cli.run(with(base, "--encoder=" + temp)), "config.json");
    refused(Cli.run(with(base, "--vectors=" + temp.resolve("none.txt"))), "none.txt");
    refused(Cli.run(with(base, "--min-similarity=0", "--max-queries=0")), "0");
  }

  private static String[] with(String[] base, String... more) {
    String[] all = Arrays.copyOf(base, base.length + more.length);
    System.arraycopy(more, 0, all, base.length, more.length);
    return all;
  }
}
