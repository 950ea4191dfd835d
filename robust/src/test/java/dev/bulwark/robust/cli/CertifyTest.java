package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.Tiny;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with noise in its layers, trained, evaluated and certified from the command line. */
class CertifyTest {
  @TempDir static Path shared;

  @BeforeAll
  static void train() {
    Tiny.encoder(shared.resolve("encoder"));
    Tiny.tsv(shared.resolve("train.tsv"), 120, 1);
    Tiny.tsv(shared.resolve("test.tsv"), 12, 2);
    train("rsmi", "--set=multi-mask=0");
    train("standard");
  }

  private static void train(String method, String... more) {
    String[] args = {
      "train",
      "--method=" + method,
      "--model=" + shared.resolve("encoder"),
      "--train=" + shared.resolve("train.tsv"),
      "--epochs=" + (method.equals("rsmi") ? 8 : 1),
      "--batch-size=16",
      "--lr=3e-3",
      "--quiet",
      "--out=" + shared.resolve(method)
    };
    Cli run = Cli.run(with(args, more));
    assertEquals(0, run.code(), run.err());
  }

  private static String[] with(String[] base, String... more) {
    String[] all = Arrays.copyOf(base, base.length + more.length);
    System.arraycopy(more, 0, all, base.length, more.length);
    return all;
  }

  private static Cli eval(String method, String... more) {
    String[] args = {
      "eval", "--model=" + shared.resolve(method), "--data=" + shared.resolve("test.tsv"), "--quiet"
    };
    return Cli.run(with(args, more));
  }

  @Test
  void theSavedMethodPredictsWithItsVotesAndCertifies() {
    Cli run = eval("rsmi", "--set=num-ensemble=3", "--certify=60");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("Certified accuracy"), run.out());
    assertTrue(run.out().contains("says nothing about changed words"), run.out());
    assertEquals(run.out(), eval("rsmi", "--set=num-ensemble=3", "--certify=60").out());
  }

  @Test
  void aModelWithoutNoiseIsRefused() {
    Cli run = eval("standard", "--certify=60");
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("--certify needs a model that predicts with noise"), run.err());
    run = eval("rsmi", "--certify=60", "--certify-error=2");
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("--certify-error between 0 and 1"), run.err());
  }
}
