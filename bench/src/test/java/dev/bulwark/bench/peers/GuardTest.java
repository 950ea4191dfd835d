package dev.bulwark.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  @TempDir Path folder;

  private static ResultFile run(Result... results) {
    return new ResultFile(Map.of("cpu", "one"), 5, List.of(), List.of(results));
  }

  private Path written(String name, ResultFile run) throws IOException {
    Path file = folder.resolve(name);
    run.write(file);
    return file;
  }

  @Test
  void aRatioMayFallByTheTolerance() {
    ResultFile before = run(Samples.result("a", 0.9, 1.0), Samples.result("b", 0.9, 2.0));
    ResultFile now = run(Samples.result("a", 0.9, 0.86), Samples.result("b", 0.9, 1.5));
    Guard.Verdict verdict = new Guard(0.15).compare(before, now);
    assertEquals(2, verdict.compared());
    assertEquals(List.of("b@2 fell from 2.00 to 1.50 (25 %; 15 % are allowed)"), verdict.fallen());
    assertEquals(List.of(), verdict.notes());
  }

  @Test
  void aRowThatCanNoLongerBeMeasuredHasFallen() {
    Guard.Verdict verdict =
        new Guard(0.15).compare(run(Samples.result("a", 0.9, 1.0)), run(Samples.failed("a")));
    assertEquals(List.of("a@2 was 1.00, now not measured: no Python"), verdict.fallen());
  }

  @Test
  void otherRowsAndMachinesAreNotedOnly() {
    ResultFile now =
        new ResultFile(
            Map.of("cpu", "two"),
            5,
            List.of(),
            List.of(Samples.result("a", 0.9, 1.0), Samples.result("new", 0.9, 0.1)));
    Guard.Verdict verdict =
        new Guard(0.15)
            .compare(run(Samples.result("a", 0.9, 1.0), Samples.result("old", 0.9, 1.0)), now);
    assertEquals(List.of(), verdict.fallen());
    assertEquals(1, verdict.compared());
    assertEquals(2, verdict.notes().size(), verdict.notes()::toString);
  }

  @Test
  void theCommandFailsWhenARatioFell() throws IOException {
    Path before = written("before.json", run(Samples.result("a", 0.9, 1.0)));
    Path same = written("same.json", run(Samples.result("a", 0.9, 0.95)));
    Path slower = written("slower.json", run(Samples.result("a", 0.9, 0.7)));
    assertEquals(0, guard(before, same));
    assertEquals(1, guard(before, slower));
    assertEquals(0, guard(before, slower, "--tolerance", "40"));
  }

  @Test
  void unusableInputIsWrongUsage() throws IOException {
    Path before = written("before.json", run(Samples.result("a", 0.9, 1.0)));
    Path other = written("other.json", run(Samples.result("b", 0.9, 1.0)));
    Path rubbish = Files.writeString(folder.resolve("rubbish.json"), "{\"a\": 1}");
    assertEquals(2, guard(before, other)); // no row in common
    assertEquals(2, guard(before, rubbish));
    assertEquals(2, guard(before, folder.resolve("missing.json")));
    assertEquals(2, guard(before, before, "--tolerance", "100"));
  }

  private static int guard(Path baseline, Path result, String... more) {
    String[] args = new String[4 + more.length];
    args[0] = "guard";
    args[1] = baseline.toString();
    args[2] = "--result";
    args[3] = result.toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return Bench.execute(args);
  }

  @Test
  void aPartOfARunTakesThePlaceOfTheSameRows() throws IOException {
    Path file =
        written("all.json", run(Samples.result("a", 0.9, 1.0), Samples.result("b", 0.9, 2.0)));
    ResultFile part = run(Samples.result("b", 0.9, 3.0));
    ResultFile both = ResultFile.read(file).updatedBy(part);
    assertEquals(List.of("a@2", "b@2"), both.results().stream().map(Result::key).toList());
    assertEquals(3.0, both.results().getLast().ratio());
    assertEquals(200, both.results().getFirst().rate(10), 1e-6);
  }

  @Test
  void aFileSaysARowALine() throws IOException {
    Path file =
        written("run.json", run(Samples.result("a", 0.9, 1.0), Samples.result("b", 0.9, 1.0)));
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.stream().filter(l -> l.contains("\"row\"")).count() == 2, lines::toString);
    assertTrue(lines.contains("\"targets\": \"targets met 2 of 2\""), lines::toString);
  }
}
