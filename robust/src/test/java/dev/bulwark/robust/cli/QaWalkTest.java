package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Question answering from the command line. */
class QaWalkTest {
  @TempDir static Path temp;

  @BeforeAll
  static void files() throws IOException {
    Tiny.encoder(temp.resolve("encoder"), 0);
    StringBuilder paragraphs = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      String word = List.of("great", "awful", "boring").get(i % 3);
      String text = "the film ".repeat(i % 2 + 1) + "is " + word;
      paragraphs
          .append(i == 0 ? "" : ",")
          .append(
              """
              {"context": "%s", "qas": [{"id": "%s", "question": "it was",
               "answers": [{"text": "%s", "answer_start": %d}]}]}
              """
                  .formatted(
                      text, "q" + i / 2 + (i % 2 == 0 ? "" : "-adv"), word, text.indexOf(word)));
    }
    Files.writeString(
        temp.resolve("squad.json"), "{\"data\": [{\"paragraphs\": [" + paragraphs + "]}]}");
  }

  private static Cli train(String out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train-qa",
                "--model=" + temp.resolve("encoder"),
                "--train=" + temp.resolve("squad.json"),
                "--dev=" + temp.resolve("squad.json"),
                "--max-length=20",
                "--max-question-length=6",
                "--doc-stride=4",
                "--epochs=15",
                "--batch-size=4",
                "--lr=3e-3",
                "--out=" + temp.resolve(out)));
    for (String option : more) {
      args.removeIf(a -> a.startsWith(option.substring(0, option.indexOf('=') + 1)));
      args.add(option);
    }
    return Cli.run(args.toArray(String[]::new));
  }

  @Test
  void aModelIsTrainedAndEvaluated() throws IOException {
    Cli run = train("run");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("standard on 12 questions in 12 windows"), run.err());
    assertTrue(run.err().contains("best dev F1 100.00 %"), run.err());
    Cli scored =
        Cli.run(
            "eval-qa",
            "--quiet",
            "--model=" + temp.resolve("run"),
            "--data=" + temp.resolve("squad.json"),
            "--max-length=20",
            "--max-question-length=6",
            "--doc-stride=4",
            "--out=" + temp.resolve("scores"));
    assertEquals(0, scored.code(), scored.err());
    assertTrue(scored.out().contains("worst of 6 variants"), scored.out());
    JsonNode predictions =
        JsonMapper.shared()
            .readTree(Files.readString(temp.resolve("scores").resolve("predictions.json")));
    assertEquals(12, predictions.size());
    assertEquals("great", predictions.get("q0").stringValue());
    Cli wrong =
        Cli.run("eval", "--model=" + temp.resolve("run"), "--data=" + temp.resolve("squad.json"));
    assertEquals(2, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("holds no classifier"), wrong.err());
  }

  @Test
  void whatCannotBeTrainedIsRefusedBeforeTheFirstStep() throws IOException {
    for (String[] bad :
        new String[][] {
          {"--doc-stride=15", "doc-stride"},
          {"--max-answer-length=0", "max-answer-length"},
          {"--method=nothing", "nothing"},
          {"--train=" + temp.resolve("encoder").resolve("config.json"), "this is not SQuAD 1.1"}
        }) {
      Cli run = train("refused", bad[0]);
      assertEquals(2, run.code(), run.err());
      assertTrue(run.err().contains(bad[1]), run.err());
      assertFalse(Files.exists(temp.resolve("refused")), "nothing is left behind");
    }
  }
}
