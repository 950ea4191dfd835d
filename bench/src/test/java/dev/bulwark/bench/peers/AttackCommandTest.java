package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AttackCommandTest {
  @TempDir private Path folder;

  /** Exit code, then what was printed. */
  private static String run(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    CommandLine line = Bench.commandLine().setOut(out).setErr(out);
    int code = line.execute(args);
    return code + " " + text;
  }

  @Test
  void whatCannotBeDoneIsSaidInALine() throws IOException {
    String absent = folder.resolve("none.tsv").toString();
    assertTrue(run("attack", "--sst2", absent).startsWith("2 bulwark: no sentences: " + absent));
    assertTrue(run("attack", "--examples", "0").startsWith("2 bulwark: numbers of examples"));
    assertTrue(run("attack", "--epoch-sentences", "-1").startsWith("2 bulwark: numbers of"));
  }

  @Test
  void sentencesAttackedFollowThoseTrainedOn() throws IOException {
    Path file = folder.resolve("four.tsv");
    Files.writeString(file, "label\tsentence\n1\tone\n0\ttwo\n1\tthree\n0\tfour\n");
    EpochCase training = new EpochCase(2, Map.of("sst2", file.toString(), "sentences", 1));
    assertEquals(
        "two three",
        training.following(2).get(0).text() + " " + training.following(2).get(1).text());
    assertEquals(3, training.following(9).size());
  }
}
