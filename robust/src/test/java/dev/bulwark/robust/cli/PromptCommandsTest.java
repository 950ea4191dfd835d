package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.TinyMlm;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompt tuning on the command line: its options hold "=", ";", "|" and blanks. */
class PromptCommandsTest {
  @TempDir Path temp;

  private Cli train(String... more) {
    TinyMlm.save(temp.resolve("mlm"));
    String[] usual = {
      "train",
      "--model=" + temp.resolve("mlm"),
      "--train=" + Tiny.tsv(temp.resolve("train.tsv"), 32, 1),
      "--out=" + temp.resolve("run"),
      "--method=mvp",
      "--epochs=1",
      "--quiet"
    };
    String[] all = Arrays.copyOf(usual, usual.length + more.length);
    System.arraycopy(more, 0, all, usual.length, more.length);
    return Cli.run(all);
  }

  @Test
  void trainsAndEvaluates() {
    Cli run =
        train(
            "--set",
            "verbaliser=bad=bad,awful,unheard;good=good",
            "--set",
            "templates=It is [MASK] . |[SEP] very [MASK]");
    assertEquals(0, run.code(), run.err());
    Cli eval =
        Cli.run(
            "eval",
            "--model=" + temp.resolve("run"),
            "--data=" + Tiny.tsv(temp.resolve("test.tsv"), 16, 2),
            "--out=" + temp.resolve("report"));
    assertEquals(0, eval.code(), eval.err());
  }

  @Test
  void aTemplateThatLeavesNoRoomIsRefusedBeforeTraining() {
    Cli run = train("--max-length=5", "--set", "task=names");
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("leaves no room for a text"), run.err());
  }
}
