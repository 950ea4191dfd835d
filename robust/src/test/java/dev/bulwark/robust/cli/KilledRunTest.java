package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.robust.Tiny;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes: killed, out of disk, with other numbers of threads. */
class KilledRunTest {
  @TempDir Path temp;

  @BeforeEach
  void files() {
    Tiny.encoder(temp.resolve("encoder"));
    Tiny.tsv(temp.resolve("train.tsv"), 240, 1);
    Tiny.tsv(temp.resolve("dev.tsv"), 48, 2);
  }

  private String[] train(String out, String... more) {
    return train(out, 4, 8, more);
  }

  private String[] train(String out, int epochs, int batchSize, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--model=" + temp.resolve("encoder"),
                "--train=" + temp.resolve("train.tsv"),
                "--dev=" + temp.resolve("dev.tsv"),
                "--epochs=" + epochs,
                "--batch-size=" + batchSize,
                "--lr=2e-3",
                "--snapshot-every=11",
                "--out=" + temp.resolve(out)));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  @Test
  void aRunKilledAndThenOutOfDiskGoesOnToTheBitsOfAnUndisturbedOne() throws Exception {
    killAtHalf(train("cut"));
    Path metrics = temp.resolve("cut/metrics.jsonl");
    long done = Files.readString(metrics).lines().count();
    assertTrue(done >= 60 && done < 124, done + " lines");

    outOfDisk(train("cut", "--resume", "--quiet"));
    Path sentence = Files.writeString(temp.resolve("one.txt"), "the film was good\n");
    Cli predicted = Cli.run("predict", "--model=" + temp.resolve("cut"), "--input=" + sentence);
    assertEquals(0, predicted.code(), "the model before still loads: " + predicted.err());

    Cli resumed = Cli.run(train("cut", "--resume"));
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("goes on after step"), resumed.err());
    assertEquals(0, Cli.run(train("whole", "--quiet")).code());
    assertSameRun("whole", "cut");
  }

  /** kill -9 once half of the steps are reported. */
  private static void killAtHalf(String[] args) throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(Cli.command(Cli.VECTORS, args)).redirectErrorStream(true).start();
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = run.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (line.contains("(50 %)")) {
          run.destroyForcibly();
          break;
        }
      }
    }
    assertNotEquals(0, run.waitFor(), String.join("\n", said));
  }

  /** A limit on the size of files stands for a full disk: writes fail half-way. */
  private static void outOfDisk(String[] args) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash to limit the size of files");
    List<String> command =
        new ArrayList<>(List.of("/bin/bash", "-c", "ulimit -f 40 && exec \"$@\"", "limited"));
    command.addAll(Cli.command(Cli.VECTORS, args));
    Cli full = Cli.process(command);
    assertEquals(1, full.code(), full.err());
    assertEquals(1, full.err().lines().count(), full.err());
    assertTrue(full.err().contains("cannot be written"), full.err());
    assertTrue(full.err().contains("too large"), full.err());
  }

  private void assertSameRun(String expected, String actual) throws IOException {
    Path a = temp.resolve(expected);
    Path b = temp.resolve(actual);
    assertEquals(
        Files.readString(a.resolve("metrics.jsonl")), Files.readString(b.resolve("metrics.jsonl")));
    Map<String, String> model = Tiny.contents(a.resolve("model"));
    assertTrue(model.containsKey("model.safetensors"));
    assertEquals(model, Tiny.contents(b.resolve("model")));
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() throws Exception {
    assertEquals(0, Cli.run(train("t0", 1, 48)).code()); // as many as there are cores
    for (String threads : List.of("1", "3")) {
      Cli run =
          Cli.process(
              Cli.command(Cli.VECTORS, train("t" + threads, 1, 48, "--threads=" + threads)));
      assertEquals(0, run.code(), run.err());
      assertTrue(run.err().contains(threads + " thread"), run.err());
    }
    assertSameRun("t0", "t1");
    assertSameRun("t0", "t3");
  }

  @Test
  void withoutTheVectorModuleDoctorSaysWhyAndTrainingRefuses() throws Exception {
    Cli doctor = Cli.process(Cli.command(List.of(), "doctor"));
    assertEquals(0, doctor.code(), doctor.err());
    assertTrue(
        doctor
            .out()
            .lines()
            .anyMatch(l ->
                l.contains("simd")
                    && l.contains("not usable")
                    && l.contains("--add-modules jdk.incubator.vector")),
        doctor.out());
    Cli train = Cli.process(Cli.command(List.of(), train("slow")));
    assertEquals(1, train.code());
    assertEquals(1, train.err().lines().count(), train.err());
    assertTrue(train.err().contains("--add-modules jdk.incubator.vector"), train.err());
    assertTrue(train.err().contains("--allow-reference"), train.err());
  }
}
