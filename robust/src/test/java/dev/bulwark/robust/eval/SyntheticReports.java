package dev.bulwark.robust.eval;

import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import dev.bulwark.robust.attack.WordChange;
import dev.bulwark.robust.data.DemoData;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.predict.TextInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Reports about models that do not exist, on the texts of the demo. */
final class SyntheticReports {
  /** Text that would break a page that does not escape it. */
  static final String HOSTILE = "<script>alert(\"x\")</script> & </style> | `a` \u001B[31m \u202E";

  private SyntheticReports() {}

  /** Writes a report to look at. */
  public static void main(String[] args) throws IOException {
    System.out.println(twoModels("A report to look at").write(Path.of(args[0])));
    System.out.println(TerminalReport.render(twoModels("A report to look at"), true, 4));
  }

  static Report twoModels(String title) throws IOException {
    Labels labels = DemoData.train().labels();
    List<Example> examples = DemoData.test().readAll(labels);
    return Report.of(
        title,
        "MiniLM fine-tuned on 1,400 sentences of DBpedia-14, once as usual and once with FreeLB,"
            + " then both attacked with synonyms.",
        labels.names(),
        List.of(
            model("standard", "cross-entropy, 2 epochs", labels, examples, 0.5, 1),
            model("FreeLB", "FreeLB, 2 ascent steps, 2 epochs", labels, examples, 0.38, 2)),
        List.of(
            "One seed: other seeds differ by more than rounding; see the recorded longer run.",
            "The synonyms come from WordNet; not all of them fit the sentence."),
        new Provenance(
            "0.1.0",
            "0123456789abcdef0123456789abcdef01234567",
            "Test VM 25",
            "Linux",
            2,
            4L << 30,
            List.of("simd (512 bit)"),
            7,
            Map.of("train", Map.of("epochs", 2, "rate", 1e-4), "attack", "textfooler"),
            List.of(new FileDigest("training data", "demo/train.tsv", 148_819, "ab".repeat(32))),
            Instant.parse("2026-11-22T10:15:30Z"),
            312.5));
  }

  static ModelResult model(
      String name, String how, Labels labels, List<Example> examples, double weakness, long seed) {
    Random random = new Random(seed);
    float[][] clean = new float[examples.size()][];
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < clean.length; i++) {
      Example example = examples.get(i);
      boolean right = random.nextDouble() < 0.97;
      int wrong = (example.label() + 1 + random.nextInt(labels.size() - 1)) % labels.size();
      clean[i] = peak(labels.size(), right ? example.label() : wrong, random.nextDouble(0.5, 1));
      boolean fooled = random.nextDouble() < weakness;
      outcomes.add(
          right
              ? attacked(i, example, clean[i], fooled ? wrong : example.label(), random)
              : skipped(i, example, clean[i]));
    }
    List<TrainingCurve.Point> loss = new ArrayList<>();
    for (int step = 1; step <= 176; step++) {
      double noise = random.nextGaussian() * 0.12;
      loss.add(new TrainingCurve.Point(step, 2.64 * Math.exp(-step / 50.0) + 0.1 + noise * noise));
    }
    TrainingCurve training =
        new TrainingCurve(
            62.4 * seed,
            loss,
            List.of(new TrainingCurve.Point(88, 0.93), new TrainingCurve.Point(176, 0.98)));
    return ModelResult.of(
        name,
        how,
        labels.names(),
        Evaluator.labels(examples),
        clean,
        List.of(AttackResult.of("TextFooler", outcomes, 71.3)),
        training);
  }

  private static Outcome attacked(
      int index, Example example, float[] clean, int prediction, Random random) {
    String text = example.text();
    List<WordChange> changes = new ArrayList<>();
    StringBuilder out = new StringBuilder();
    int at = 0;
    int word = 0;
    for (String token : text.split(" ")) {
      boolean letters = Character.isLetter(token.charAt(0));
      if (letters && token.length() > 4 && random.nextInt(6) == 0) {
        String to = token.substring(0, 3) + "ified";
        changes.add(
            new WordChange(
                0, word, at, at + token.length(), token, to, out.length(), out.length() + 8));
        out.append(to);
      } else {
        out.append(token);
      }
      out.append(' ');
      at += token.length() + 1;
      word += letters ? 1 : 0;
    }
    return new Outcome(
        index,
        prediction == example.label() ? Status.FAILED : Status.SUCCESS,
        new TextInput(text, null),
        new TextInput(out.toString().strip(), null),
        example.label(),
        example.label(),
        prediction,
        clean,
        peak(clean.length, prediction, random.nextDouble(0.4, 0.9)),
        changes,
        word,
        (int) (20 + 60 * random.nextDouble() * random.nextDouble() * 2),
        prediction == example.label() ? Double.NaN : random.nextDouble(0.8, 0.98));
  }

  /** Probabilities with most of the mass on one class. */
  private static float[] peak(int classes, int prediction, double height) {
    float[] p = new float[classes];
    Arrays.fill(p, (float) ((1 - height) / (classes - 1)));
    p[prediction] = (float) height;
    return p;
  }

  private static Outcome skipped(int index, Example example, float[] clean) {
    TextInput input = new TextInput(example.text(), example.pair());
    int prediction = ClassificationMetrics.argmax(clean);
    return new Outcome(
        index,
        Status.SKIPPED,
        input,
        input,
        example.label(),
        prediction,
        prediction,
        clean,
        clean,
        List.of(),
        example.text().split(" ").length,
        1,
        Double.NaN);
  }

  static Outcome outcome(int index, Status status, int changed, int words, int queries) {
    List<WordChange> changes = new ArrayList<>();
    for (int i = 0; i < changed; i++) {
      changes.add(new WordChange(0, i, 2 * i, 2 * i + 1, "a", "b", 2 * i, 2 * i + 1));
    }
    boolean wrong = status != Status.FAILED;
    return new Outcome(
        index,
        status,
        new TextInput("a ".repeat(words).strip(), null),
        new TextInput("b ".repeat(changed) + "a ".repeat(words - changed).strip(), null),
        0,
        status == Status.SKIPPED ? 1 : 0,
        wrong ? 1 : 0,
        status == Status.SKIPPED ? new float[] {0.4f, 0.6f} : new float[] {0.9f, 0.1f},
        wrong ? new float[] {0.4f, 0.6f} : new float[] {0.9f, 0.1f},
        changes,
        words,
        queries,
        status == Status.SUCCESS ? 0.9 : Double.NaN);
  }

  /** A pair whose every text is hostile. */
  static Report hostile() {
    List<String> classes = List.of(HOSTILE, "b" + HOSTILE);
    TextInput before = new TextInput(HOSTILE, HOSTILE);
    TextInput after = new TextInput(HOSTILE, "<img src=x onerror=y> word");
    Outcome outcome =
        new Outcome(
            0,
            Status.SUCCESS,
            before,
            after,
            0,
            0,
            1,
            new float[] {0.9f, 0.1f},
            new float[] {0.2f, 0.8f},
            List.of(
                new WordChange(1, 0, 0, 8, "<script>", "<img src=x onerror=y>", 0, 21),
                new WordChange(1, 1, 9, 12, "gone", "", 22, 22),
                new WordChange(1, 9, 0, 1, "misfit", "span", 400, 500)),
            4,
            9,
            Double.NaN);
    @Nullable TrainingCurve training =
        new TrainingCurve(1, List.of(new TrainingCurve.Point(1, Double.NaN)), List.of());
    ModelResult model =
        ModelResult.of(
            HOSTILE,
            HOSTILE,
            classes,
            new int[] {0},
            new float[][] {{0.9f, 0.1f}},
            List.of(AttackResult.of(HOSTILE, List.of(outcome), 1)),
            training);
    return Report.of(
        HOSTILE,
        HOSTILE,
        classes,
        List.of(model),
        List.of(HOSTILE),
        Provenance.here(
            List.of(HOSTILE),
            1,
            Map.of(HOSTILE, HOSTILE),
            List.of(new FileDigest(HOSTILE, HOSTILE, 1, "0")),
            Instant.EPOCH));
  }
}
