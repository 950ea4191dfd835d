package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
  @TempDir private Path temp;

  @BeforeEach
  void data() throws IOException {
    Tiny.encoder(temp.resolve("encoder"));
    Tiny.tsv(temp.resolve("train.tsv"), 100, 1);
    Tiny.tsv(temp.resolve("dev.tsv"), 20, 2);
    Files.writeString(
        temp.resolve("plan.yaml"),
        """
        title: Tiny
        model: encoder
        data: {train: train.tsv, dev: dev.tsv, test: dev.tsv, train-limit: 64}
        seeds: [1, 2]
        limit: 6
        settings: {epochs: 1, batch-size: 16, lr: 3e-3, max-length: 24}
        attack: {min-similarity: 0, candidates: 5}
        rows:
          - method: standard
          - name: FreeLB, two passes
            method: freelb
            set: {adv-steps: 2}
            settings: {epochs: 2}
            seeds: [1]
          - method: augment
            set: {victim: "row:standard", limit: 20}
            seeds: [2]
        """);
  }

  private Cli compare() {
    return Cli.run(
        "compare", temp.resolve("plan.yaml").toString(), "--out=" + temp.resolve("out"), "--quiet");
  }

  @Test
  void everyRowIsTrainedWithEverySeedAndGoesOnWhereItStopped() throws IOException {
    Cli first = compare();
    assertEquals(0, first.code(), first.err());
    assertTrue(first.err().contains("3 of 4: standard, seed 2"), first.err());
    assertTrue(first.out().contains("| standard | 2 | "), first.out());
    assertTrue(first.out().contains("| FreeLB, two passes | 1 | "), first.out());
    assertTrue(first.out().contains("| augment | 1 | "), first.out());
    Path out = temp.resolve("out");
    String table = Files.readString(out.resolve("table.md"));
    assertTrue(table.contains(first.out()), table);
    assertFalse(Files.exists(out.resolve("standard/seed-1/model")));
    assertFalse(Files.exists(out.resolve("standard/seed-1/snapshots")));

    // One cell is lost, another was cut off in the middle of the attack: both come out the same.
    String lost = Files.readString(out.resolve("standard/seed-2/figures.json"));
    Files.delete(out.resolve("standard/seed-2/figures.json"));
    Files.delete(out.resolve("FreeLB-two-passes/seed-1/figures.json"));
    Cli second = compare();
    assertEquals(first.out(), second.out());
    String again = Files.readString(out.resolve("standard/seed-2/figures.json"));
    assertEquals(lost.replaceAll("Seconds\" : .*", ""), again.replaceAll("Seconds\" : .*", ""));
  }

  @Test
  void otherSettingsInTheSameFolderAreRefused() throws IOException {
    assertEquals(0, compare().code());
    Path plan = temp.resolve("plan.yaml");
    Files.writeString(plan, Files.readString(plan).replace("limit: 6", "limit: 7"));
    Cli run = compare();
    assertEquals(2, run.code());
    assertTrue(run.err().contains("attacked=6 then, 7 now"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit: 6|limits: 6|'limits' is not known here",
        "limit: 6|limit: 0|limit must be a whole number of at least 1, not 0",
        "train-limit: 64|train-limit: all|train-limit must be a whole number of at least 0",
        "method: freelb|method: freelp|no method named 'freelp'",
        "adv-steps: 2|adv-step: 2|has no option 'adv-step'",
        "epochs: 2|epochs: two|'two' is not",
        "epochs: 2|epoch: 2|--epoch=2",
        "seeds: [1]|seeds: [one]|a seed is a whole number",
        "name: FreeLB, two passes|name: standard|two rows are named 'standard'",
        "candidates: 5|recipe: unknown|no attack named 'unknown'",
        "dev: dev.tsv, |title: x, |'title' is not known here",
        "title: Tiny|title: {|plan.yaml line",
      })
  void aSenselessPlanIsRefusedBeforeAnythingIsTrained(String from, String to, String message)
      throws IOException {
    Path plan = temp.resolve("plan.yaml");
    String text = Files.readString(plan);
    assertTrue(text.contains(from), from);
    Files.writeString(plan, text.replace(from, to));
    Cli run = compare();
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertFalse(Files.exists(temp.resolve("out")));
  }

  @Test
  void trainTakesItsOptionsFromAFileAndTheCommandLineWins() throws IOException {
    Path config = temp.resolve("train.json");
    Files.writeString(
        config,
        """
        {"model": "%s", "train": "%s", "method": "freelb", "epochs": 3, "batch-size": 16,
         "max-length": 24, "quiet": true, "set": {"adv-steps": 1, "adv-lr": 0.2}}
        """
            .formatted(temp.resolve("encoder"), temp.resolve("train.tsv")));
    Cli run =
        Cli.run(
            "train",
            "--config",
            config.toString(),
            "--epochs=1",
            "--set=adv-lr=0.3",
            "--out=" + temp.resolve("run"));
    assertEquals(0, run.code(), run.err());
    String settings = Files.readString(temp.resolve("run/run.json"));
    assertTrue(settings.contains("\"epochs\" : \"1\""), settings);
    assertTrue(settings.contains("{adv-lr=0.3, adv-steps=1}"), settings);
    assertTrue(settings.contains("\"method\" : \"freelb\""), settings);

    Files.writeString(config, "{\"epochs\": 1, \"epochs\": 2}");
    Cli twice = Cli.run("train", "--config=" + config, "--out=" + temp.resolve("other"));
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("train.json line 1"), twice.err());
  }
}
