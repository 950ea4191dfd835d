package dev.bulwark.robust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.autograd.Gradients;
import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.optim.Schedule.Decay;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.AttackRun;
import dev.bulwark.robust.attack.AttackRunner;
import dev.bulwark.robust.attack.AttackSettings;
import dev.bulwark.robust.attack.recipe.TextFooler;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.eval.AttackResult;
import dev.bulwark.robust.eval.Evaluator;
import dev.bulwark.robust.eval.ModelResult;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.robust.eval.Report;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.ModelPredictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.robust.train.RunFolder;
import dev.bulwark.robust.train.TrainListener;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.robust.train.Trainer;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Start here: the whole of Bulwark on one page, from a tensor to a report on an attacked model. */
class QuickTourTest {
  @TempDir Path temp;

  /** Tensors are values with a shape, on the fastest back end that works here. */
  @Test
  void aTensor() {
    Tensor a = Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6);
    Tensor b = a.transpose(0, 1); // a view: nothing is copied
    assertEquals(Shape.of(2, 2), a.matmul(b).shape());
    assertArrayEquals(new float[] {14, 32, 32, 77}, a.matmul(b).toFloats());
    assertArrayEquals(new float[] {5, 7, 9}, a.sum(0).toFloats());
  }

  /** Variables remember how they were made; backward() returns gradients as a value. */
  @Test
  void aGradient() {
    Variable x = Variable.leaf("x", Tensor.of(Shape.of(3), 1f, 2, 3));
    Variable y = x.times(x).sum(0); // x0^2 + x1^2 + x2^2
    Gradients g = y.backward();
    assertEquals(14, y.item());
    assertArrayEquals(new float[] {2, 4, 6}, g.get(x).toFloats());
  }

  /** An encoder is a folder that transformers reads too; a method trains a classifier on it. */
  @Test
  void threeTrainingStepsAnAttackAndAReport() throws IOException {
    Classifier classifier = Tiny.classifier(Tiny.encoder(temp.resolve("encoder"), 0.0));
    List<Example> examples = Tiny.examples(24, 1);

    // Three steps of FreeLB: batches of 8, one epoch. Everything random derives from the seed.
    TrainSettings settings =
        new TrainSettings(1, 8, 1e-3, 0.1, Decay.LINEAR, 0.01, 1.0, 24, 0, 0, 42);
    List<Double> losses = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onStep(StepReading step) {
            losses.add(step.loss());
          }
        };
    try (RunFolder run = RunFolder.open(temp.resolve("run"), settings.named(), false)) {
      new Trainer(classifier, Methods.recipe("freelb", Map.of("adv-steps", "2")), settings)
          .fit(examples, examples, run, listener);
    }
    assertEquals(3, losses.size());
    assertTrue(Files.exists(temp.resolve("run/model/model.safetensors")));

    // A predictor is all that attacks and evaluation see of a model.
    ModelPredictor victim = new ModelPredictor(classifier, 24);
    float[] p = victim.predict(List.of(new TextInput("a charming film", null)))[0];
    assertEquals(1, p[0] + p[1], 1e-6);

    // TextFooler swaps words for synonyms until the class flips; here without comparing meanings.
    TextFooler recipe = new TextFooler(TextFooler.Mode.TEXTATTACK, 10, 0.5, 0);
    AttackRun attacked =
        new AttackRunner(victim, AttackResources.bundled(), AttackSettings.seeded(42))
            .run(recipe, examples, temp.resolve("outcomes.jsonl"), progress -> {});
    assertEquals(examples.size(), attacked.outcomes().size());

    // The report compares models: JSON, Markdown and one HTML page with coloured word changes.
    List<String> classes = Tiny.LABELS.names();
    float[][] clean = Evaluator.probabilities(victim, examples, done -> {});
    ModelResult result =
        ModelResult.of(
            "tiny",
            "FreeLB on random weights",
            classes,
            Evaluator.labels(examples),
            clean,
            List.of(AttackResult.of(attacked.attack(), attacked.outcomes(), 1.0)),
            null);
    Path page =
        Report.of(
                "Quick tour",
                "A model of three steps, attacked.",
                classes,
                List.of(result),
                List.of(),
                Provenance.here(
                    List.of(Backends.current().name()), 42, Map.of(), List.of(), Instant.now()))
            .write(temp.resolve("report"));
    assertTrue(Files.readString(page).contains("FreeLB on random weights"));
  }
}
