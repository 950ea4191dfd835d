package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PerspectivesCommandTest {
  @TempDir static Path temp;

  @BeforeAll
  static void train() throws IOException {
    Tiny.encoder(temp.resolve("encoder"));
    Tiny.tsv(temp.resolve("train.tsv"), 200, 1);
    Tiny.tsv(temp.resolve("in.tsv"), 40, 2);
    Tiny.tsv(temp.resolve("shift.tsv"), 9, 3);
    Files.writeString(
        temp.resolve("wrong.tsv"),
        "sentence\tlabel\n"
            + "the film was great\tbad\n".repeat(6)
            + "it is awful\tgood\n".repeat(6));
    Files.writeString(temp.resolve("strange.txt"), "xyzzy\nplugh plugh\n");
    Files.writeString(temp.resolve("titles.tsv"), "title\tsentence\n1\tof the story\n2\tof a\n");
    Cli run =
        Cli.run(
            "train",
            "--quiet",
            "--model=" + temp.resolve("encoder"),
            "--train=" + temp.resolve("train.tsv"),
            "--epochs=8",
            "--batch-size=16",
            "--lr=3e-3",
            "--out=" + temp.resolve("run"));
    assertEquals(0, run.code(), run.err());
  }

  private static Cli perspectives(String... files) {
    String[] args = new String[files.length + 3];
    args[0] = "perspectives";
    args[1] = "--quiet";
    args[2] = "--model=" + temp.resolve("run");
    for (int i = 0; i < files.length; i++) {
      args[i + 3] = files[i].startsWith("--") ? files[i] : temp.resolve(files[i]).toString();
    }
    return Cli.run(args);
  }

  @Test
  void everySideIsMeasured() throws IOException {
    Cli run =
        perspectives(
            "--in",
            "in.tsv",
            "--shift",
            "shift.tsv",
            "in.tsv",
            "--adversarial",
            "wrong.tsv",
            "--anomaly",
            "strange.txt",
            "titles.tsv",
            "--out",
            "report");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("in-distribution accuracy"), run.out());
    JsonNode json =
        JsonMapper.shared()
            .readTree(Files.readString(temp.resolve("report").resolve("perspectives.json")));
    assertEquals(4, json.get("sets").size());
    assertTrue(json.get("sets").get(1).get("temperedError").isNull(), "9 are too few for 10 folds");
    assertEquals(12, json.get("sets").get(3).get("accuracy").get("total").intValue());
    JsonNode means = json.get("headline");
    assertTrue(means.get("inDistribution").doubleValue() > 90, means.toString());
    assertTrue(means.get("adversarial").doubleValue() < 10, means.toString());
    assertEquals(2, json.get("anomalies").size());
    assertEquals(2, json.get("anomalies").get(1).get("size").intValue());
    double first = json.get("anomalies").get(0).get("detection").get("auroc").doubleValue();
    double second = json.get("anomalies").get(1).get("detection").get("auroc").doubleValue();
    assertTrue(first >= 0 && first <= 1 && second >= 0 && second <= 1, json.toString());
    assertEquals((first + second) / 2, means.get("anomaly").doubleValue(), 1e-3, "but for the cut");
    assertTrue(json.get("tempered").get("calibration").isNumber());
    String again =
        perspectives(
                "--in",
                "in.tsv",
                "--shift",
                "shift.tsv",
                "in.tsv",
                "--adversarial",
                "wrong.tsv",
                "--anomaly",
                "strange.txt",
                "titles.tsv")
            .out();
    assertEquals(run.out(), again);
  }

  @Test
  void whatIsNotGivenIsLeftOutOfTheMeans() {
    Cli run = perspectives("--in", "in.tsv");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().matches("(?s).*adversarial accuracy +– %.*"), run.out());
  }

  @Test
  void aPredictionOfALabelThatTheSetLacksMayCountAsAnother() throws IOException {
    Files.writeString(
        temp.resolve("one.tsv"), "sentence\tlabel\nthe film was great\tbad\nit is awful\tbad\n");
    String accuracy = "(?s).*in-distribution accuracy +%s %%.*";
    assertTrue(perspectives("--in", "one.tsv").out().matches(accuracy.formatted("50.000")));
    Cli merged = perspectives("--merge=good=bad", "--in", "one.tsv");
    assertTrue(merged.out().matches(accuracy.formatted("100.000")), merged.out() + merged.err());
    Cli same = perspectives("--merge=bad=good", "--in", "one.tsv");
    assertTrue(same.out().matches(accuracy.formatted("50.000")), same.out() + same.err());
    Cli wrong = perspectives("--merge=neutral=bad", "--in", "one.tsv");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("'neutral'; the model has [bad, good]"), wrong.err());
  }

  @Test
  void aSetWithOtherLabelsIsRefused() throws IOException {
    Files.writeString(temp.resolve("other.tsv"), "sentence\tlabel\nthe film\tgoood\n");
    Cli run = perspectives("--in", "in.tsv", "--shift", "other.tsv");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("other.tsv") && run.err().contains("goood"), run.err());
    assertEquals("", run.out());
    assertEquals(2, perspectives("--in", "in.tsv", "--anomaly", "missing.txt").code());
  }
}
