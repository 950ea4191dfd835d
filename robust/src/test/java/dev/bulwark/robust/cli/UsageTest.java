package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.method.Method;
import dev.bulwark.robust.method.Methods;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @Test
  void helpListsTheCommands() {
    Cli run = Cli.run("--help");
    assertEquals(0, run.code());
    for (String command :
        new String[] {
          "demo",
          "train",
          "train-qa",
          "eval",
          "eval-qa",
          "perspectives",
          "attack",
          "predict",
          "methods",
          "doctor"
        }) {
      assertTrue(run.out().lines().anyMatch(l -> l.startsWith("  " + command)), run.out());
    }
    assertTrue(run.out().contains("Start with: bulwark demo"), run.out());
    assertEquals(0, Cli.run("--version").code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "train",
        "train-qa",
        "eval",
        "eval-qa",
        "attack",
        "predict",
        "methods",
        "doctor"
      })
  void everyCommandHasHelpThatFitsATerminal(String command) {
    Cli run = Cli.run(command, "--help");
    assertEquals(0, run.code(), run.err());
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("Usage: bulwark " + command), run.out());
    assertTrue(run.out().lines().allMatch(l -> l.length() <= 120), run.out());
    assertTrue(!run.out().contains("${"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trian|Unmatched argument|train",
        "doctor --verbos|Unknown option: '--verbos'|--help",
        "train --train=x --out=y --epoch=3|Unknown option: '--epoch=3'|--epochs",
        "train --train=x --out=y --epochs=three|'three' is not an int|--help",
        "train --train=x --out=y --schedule=up|'up'|CONSTANT",
        "train --out=y|Missing required option|--train",
        "predict|Missing required option|--model",
      })
  void wrongUsageNamesTheMistakeAndTheWayOut(String line, String mistake, String wayOut) {
    Cli run = Cli.run(line.split(" "));
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().startsWith("bulwark: "), run.err());
    assertTrue(run.err().contains(mistake), run.err());
    assertTrue(run.err().contains(wayOut), run.err());
    assertTrue(run.err().lines().count() <= 4, run.err());
    assertEquals("", run.out());
  }

  @Test
  void noCommandSaysSo() {
    Cli run = Cli.run();
    assertEquals(2, run.code());
    assertTrue(run.err().contains("no command given"), run.err());
    assertTrue(run.err().contains("bulwark --help"), run.err());
  }

  @Test
  void doctorSaysWhatWasFound() {
    Cli run = Cli.run("doctor");
    assertEquals(0, run.code(), run.err());
    String out = run.out();
    assertTrue(out.contains("JDK         " + Runtime.version()), out);
    assertTrue(out.matches("(?s).*memory +[\\d,]+ MiB in all.*heap up to.*"), out);
    assertTrue(out.matches("(?s).*back end +simd +in use: \\d+-bit vectors, \\d+ threads?.*"), out);
    assertTrue(out.matches("(?s).*back end +reference +usable: .*"), out);
    assertTrue(out.contains("collector"), out);
    assertTrue(out.contains("cores"), out);
  }

  @Test
  void methodsListsEachMethodWithItsOptions() {
    Cli run = Cli.run("methods");
    assertEquals(0, run.code());
    for (Method m : Methods.all()) {
      assertTrue(run.out().contains(m.name() + ": " + m.summary()), run.out());
      assertTrue(run.out().contains(m.source()), run.out());
      for (Method.Option o : m.options()) {
        assertTrue(run.out().contains("--set " + o.name() + "="), run.out());
      }
    }
  }

  @Test
  void methodsShowsOneMethodToWhoNamesIt() {
    Cli run = Cli.run("methods", "freelb");
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("freelb: "), run.out());
    assertFalse(run.out().contains("pgd: "), run.out());
    assertEquals(2, Cli.run("methods", "freelp").code());
  }

  private static String line(Throwable e, int code) {
    StringWriter out = new StringWriter();
    assertEquals(code, Failures.report(e, false, new PrintWriter(out)));
    assertEquals(1, out.toString().lines().count(), out.toString());
    return out.toString().strip();
  }

  @Test
  void failuresAreOneLineWithTheRightCode() {
    assertEquals(
        "bulwark: no such file or folder: x.tsv", line(new NoSuchFileException("x.tsv"), 2));
    assertEquals("bulwark: a b", line(new IllegalArgumentException("a\n  b"), 2));
    String full = "x: No space left on device";
    FileSystemException disk = new FileSystemException("x", null, "No space left on device");
    assertEquals("bulwark: " + full, line(disk, 1));
    assertEquals("bulwark: " + full, line(new UncheckedIOException(disk), 1));
    assertEquals("bulwark: gone", line(new IOException("gone"), 1));
    assertEquals("bulwark: lower it", line(new IllegalStateException("lower it"), 1));
    assertTrue(line(new OutOfMemoryError("Java heap space"), 1).contains("--batch-size"));
    assertTrue(line(new NullPointerException("x"), 1).contains("this is a defect"));
  }

  @Test
  void namesOfModelsThatAreNoPathsStayAsTheyAre() {
    assertEquals("group:artifact:1.0", ModelFolder.resolve("group:artifact:1.0"));
    assertEquals("no\0path", ModelFolder.resolve("no\0path"));
    assertEquals("all-minilm-l6-v2", ModelFolder.resolve("all-minilm-l6-v2"));
  }
}
