package dev.bulwark.robust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.TinyMlm;
import dev.bulwark.robust.device.StepCheck;
import dev.bulwark.robust.method.Method;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole jobs on every device that is here, beside the same jobs on the CPU. */
class DeviceWalkTest {
  private static final Set<String> PROMPTED = Set.of("mvp", "clsprompt");

  @TempDir static Path shared;

  @BeforeAll
  static void prepare() {
    Tiny.encoder(shared.resolve("encoder"));
    TinyMlm.save(shared.resolve("mlm"));
    Tiny.tsv(shared.resolve("train.tsv"), 40, 1);
    Tiny.tsv(shared.resolve("test.tsv"), 8, 2);
  }

  /** The command line chooses for the whole process; other tests want the CPU. */
  @AfterEach
  void backToTheCpu() {
    Backends.use(Backends.named("cpu"));
  }

  private static List<String> devices() {
    List<String> devices = Backends.devices().stream().map(Backend::name).toList();
    assumeFalse(
        devices.isEmpty(), "no GPU, and neither PoCL nor the test double of CUDA is usable here");
    return devices;
  }

  @TestFactory
  Stream<DynamicTest> everyMethodTrainsAsOnTheCpu() {
    List<String> devices = devices();
    return Methods.all().stream()
        .map(Method::name)
        .flatMap(m -> devices.stream().map(d -> dynamicTest(m + " on " + d, () -> train(m, d))));
  }

  private static void train(String method, String device) {
    String[] more = {};
    if (method.equals("augment")) { // trains on attacks on another model as well
      losses("standard", "cpu");
      more = new String[] {"--set", "victim=" + shared.resolve("standard-cpu")};
    }
    List<Double> expected = losses(method, "cpu", more);
    List<Double> actual = losses(method, device, more);
    assertEquals(expected.size(), actual.size());
    assertTrue(expected.size() >= 2, "steps");
    for (int i = 0; i < 2; i++) { // later steps magnify rounding
      assertEquals(expected.get(i), actual.get(i), 2e-3 * expected.get(i), "loss of step " + i);
    }
  }

  @TestFactory
  Stream<DynamicTest> productsInOtherPrecisionsTrainToo() {
    return devices().stream()
        .flatMap(d ->
            Stream.of("tf32", "bf16", "f16")
                .map(p -> dynamicTest(p + " on " + d, () -> trainIn(p, d))));
  }

  private static void trainIn(String precision, String device) {
    List<Double> expected = losses("standard", "cpu");
    List<Double> actual = losses("standard", device, "--precision=" + precision);
    Backends.named(device).setPrecision(Precision.F32);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i), 0.03 * expected.get(i), "loss of step " + i);
    }
    assertNotEquals(losses("standard", device), actual, "the precision makes no difference");
  }

  private static List<Double> losses(String method, String device, String... more) {
    Path out =
        shared.resolve((method + "-" + device + String.join("", more)).replaceAll("[:=/]", "-"));
    if (!Files.exists(out)) {
      String[] usual = {
        "train",
        "--model=" + shared.resolve(PROMPTED.contains(method) ? "mlm" : "encoder"),
        "--train=" + shared.resolve("train.tsv"),
        "--method=" + method,
        "--device=" + device,
        "--epochs=1",
        "--batch-size=12",
        "--lr=1e-3",
        "--quiet",
        "--out=" + out
      };
      String[] all = Arrays.copyOf(usual, usual.length + more.length);
      System.arraycopy(more, 0, all, usual.length, more.length);
      Cli run = Cli.run(all);
      assertEquals(0, run.code(), method + " on " + device + ": " + run.err());
    }
    try (Stream<String> lines = Files.lines(out.resolve("metrics.jsonl"))) {
      return lines
          .map(l -> JsonMapper.shared().readTree(l))
          .filter(l -> l.has("step"))
          .map(l -> l.get("loss").doubleValue())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> predictionsAndAttacksAreThoseOfTheCpu() {
    return devices().stream().map(d -> dynamicTest(d, () -> predictAndAttack(d)));
  }

  private static void predictAndAttack(String device) throws IOException {
    losses("standard", "cpu");
    Path model = shared.resolve("standard-cpu");
    String input = Files.readString(shared.resolve("test.tsv")).replaceAll("\t\\d", "");
    List<JsonNode> expected = predict(model, "cpu", input);
    List<JsonNode> actual = predict(model, device, input);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).get("label"), actual.get(i).get("label"));
      assertEquals(
          expected.get(i).get("probabilities").get("good").doubleValue(),
          actual.get(i).get("probabilities").get("good").doubleValue(),
          1e-4);
    }
    assertEquals(attack(model, "cpu"), attack(model, device));
  }

  private static List<JsonNode> predict(Path model, String device, String input) {
    Cli run =
        Cli.runWithInput(
            input.getBytes(StandardCharsets.UTF_8),
            "predict",
            "--model=" + model,
            "--device=" + device);
    assertEquals(0, run.code(), run.err());
    return run.out().lines().map(l -> JsonMapper.shared().readTree(l)).toList();
  }

  /** Accuracy under attack and its other numbers, as the report has them. */
  private static String attack(Path model, String device) throws IOException {
    Path out = shared.resolve("attack-" + device.replace(':', '-'));
    Cli run =
        Cli.run(
            "attack",
            "--model=" + model,
            "--data=" + shared.resolve("test.tsv"),
            "--device=" + device,
            "--quiet",
            "--out=" + out);
    assertEquals(0, run.code(), run.err());
    JsonNode report = JsonMapper.shared().readTree(out.resolve("report.json").toFile());
    JsonNode metrics = report.get("models").get(0).get("attacks").get(0).get("metrics");
    return metrics.get("succeeded")
        + " of "
        + metrics.get("examples")
        + ", "
        + metrics.get("meanQueries")
        + " queries";
  }

  @TestFactory
  Stream<DynamicTest> nothingCrossesWithinAStepButInputsAndTheLoss() {
    return devices().stream()
        .map(d ->
            dynamicTest(
                d,
                () -> {
                  StepCheck.Result r = StepCheck.run(Backends.named(d), Precision.F32);
                  assertTrue(r.agrees(), r.toString());
                  assertEquals(1, r.downloads(), "the loss: " + r);
                  assertTrue(r.uploads() <= 8, "ids, segments, positions, mask, labels: " + r);
                  assertTrue(r.launches() > 50, r.toString());
                }));
  }

  @Test
  void aDeviceThatIsNotThereIsAnErrorThatSaysWhy() {
    Cli run = Cli.run("predict", "--model=" + shared.resolve("encoder"), "--device=cuda:7");
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("back end 'cuda:7' is not usable"), run.err());
  }

  @Test
  void aPrecisionThatTheCpuHasNotIsRefused() {
    Cli run =
        Cli.run(
            "predict", "--model=" + shared.resolve("encoder"), "--device=cpu", "--precision=bf16");
    assertTrue(run.code() != 0 && run.err().contains("f32 only"), run.code() + run.err());
  }
}
