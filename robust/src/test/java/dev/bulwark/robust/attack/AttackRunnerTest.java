package dev.bulwark.robust.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.attack.GreedyWordSwap.Rule;
import dev.bulwark.robust.attack.recipe.TextFooler;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AttackRunnerTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of("good", 2.0, "happy", 1.5, "movie", 0.4, "nice", 1.0, "bad", -2.0, "sad", -1.5);
  private static final List<String> WORDS =
      List.of(
          "a", "good", "bad", "movie", "story", "happy", "sad", "nice", "the", "quick", "house");

  @TempDir Path dir;

  @Test
  void sideBySideGivesTheSameAsOneAfterTheOther() {
    List<Example> examples = examples(40);
    AttackRun alone = run(examples, AttackSettings.seeded(3).withSizes(1, 1000));
    AttackRun together = run(examples, AttackSettings.seeded(3).withSizes(64, 16));
    AttackRun few = run(examples, AttackSettings.seeded(3).withSizes(3, 7));
    assertEquals(alone.outcomes(), together.outcomes());
    assertEquals(alone.outcomes(), few.outcomes());
    Set<Status> seen = new HashSet<>();
    alone.outcomes().forEach(o -> seen.add(o.status()));
    assertEquals(Set.of(Status.values()), seen, "the data should show every status");
    assertTrue(together.work().rounds() < alone.work().rounds() / 4, together.work().toString());
  }

  @Test
  void roundsAndBatchesAreTheSameInEveryRun() {
    List<Example> examples = examples(30);
    AttackSettings settings = AttackSettings.seeded(3).withSizes(8, 16);
    KeywordVictim first = new KeywordVictim(WEIGHTS);
    AttackRun run = runner(first, settings).run(TextFooler.published(), examples);
    for (int i = 0; i < 5; i++) {
      KeywordVictim again = new KeywordVictim(WEIGHTS);
      assertEquals(
          run.work(), runner(again, settings).run(TextFooler.published(), examples).work());
      assertEquals(first.seen, again.seen);
    }
    assertEquals(run.work().victimTexts(), first.seen.size());
    assertEquals(run.work().victimBatches(), first.batchSizes.size());
    assertTrue(first.batchSizes.stream().allMatch(n -> n <= 16));
    int queries = run.outcomes().stream().mapToInt(Outcome::queries).sum();
    assertTrue(run.work().victimTexts() <= queries);
  }

  @Test
  void theVictimIsOnlyCalledFromTheCallingThread() {
    KeywordVictim victim = new KeywordVictim(WEIGHTS);
    runner(victim, AttackSettings.seeded(0)).run(TextFooler.published(), examples(10));
    assertEquals(Set.of(Thread.currentThread()), victim.callers);
  }

  @Test
  void sameTextsOfSeveralExamplesAreScoredOnce() {
    Example e = examples(1).getFirst();
    AttackRun one = run(List.of(e), AttackSettings.seeded(0));
    AttackRun three = run(List.of(e, e, e), AttackSettings.seeded(0));
    assertEquals(one.work().victimTexts(), three.work().victimTexts());
    assertEquals(one.outcomes().getFirst().queries(), three.outcomes().getLast().queries());
  }

  @Test
  void randomDrawsDependOnSeedAndExampleOnly() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      examples.add(new Example("good nice happy movie story house", null, 1));
    }
    AttackRecipe recipe = randomOrder();
    KeywordVictim victim =
        new KeywordVictim(
            Map.of("good", 2.0, "nice", 1.5, "happy", 1.5, "movie", 0.9, "house", -3.5));
    List<Outcome> a =
        runner(victim, AttackSettings.seeded(5).withSizes(1, 64)).run(recipe, examples).outcomes();
    List<Outcome> b =
        runner(victim, AttackSettings.seeded(5).withSizes(12, 3)).run(recipe, examples).outcomes();
    List<Outcome> c = runner(victim, AttackSettings.seeded(6)).run(recipe, examples).outcomes();
    assertEquals(a, b);
    assertNotEquals(a, c);
    Set<TextInput> found = new HashSet<>();
    a.forEach(o -> found.add(o.perturbed()));
    assertTrue(found.size() > 1, "examples should have streams of their own");
  }

  @Test
  void progressIsToldForEveryExample() throws IOException {
    List<AttackProgress> told = new ArrayList<>();
    AttackRun run =
        runner(new KeywordVictim(WEIGHTS), AttackSettings.seeded(0).withSizes(4, 64))
            .run(TextFooler.published(), examples(9), null, told::add);
    assertEquals(9, told.size());
    assertEquals(9, told.getLast().done());
    assertEquals(
        run.outcomes().stream().filter(o -> o.status() == Status.SUCCESS).count(),
        told.getLast().succeeded());
  }

  @Test
  void anInterruptedRunContinuesFromItsLogToTheSameResult() throws IOException {
    List<Example> examples = examples(20);
    AttackSettings settings = AttackSettings.seeded(3).withSizes(4, 64).withProvenance("stub");
    Path whole = dir.resolve("whole.jsonl");
    KeywordVictim victim = new KeywordVictim(WEIGHTS);
    List<Outcome> expected =
        runner(victim, settings).run(TextFooler.published(), examples, whole, p -> {}).outcomes();
    List<String> lines = Files.readAllLines(whole);
    assertEquals(21, lines.size());
    for (int kept : new int[] {0, 1, 2, 11, 20, 21}) {
      Path cut = dir.resolve("cut" + kept + ".jsonl");
      String torn = kept < 21 ? lines.get(kept).substring(0, lines.get(kept).length() / 2) : "";
      String text = String.join("\n", lines.subList(0, kept)) + (kept > 0 ? "\n" : "") + torn;
      Files.writeString(cut, text);
      KeywordVictim second = new KeywordVictim(WEIGHTS);
      AttackRun continued =
          runner(second, settings).run(TextFooler.published(), examples, cut, p -> {});
      assertEquals(expected, continued.outcomes(), kept + " lines kept");
      assertEquals(21, Files.readAllLines(cut).size());
      assertEquals(Set.copyOf(lines), Set.copyOf(Files.readAllLines(cut)));
      assertEquals(kept == 21, second.seen.isEmpty());
    }
  }

  @Test
  void theLogOfAnotherRunOrADamagedOneIsRefused() throws IOException {
    List<Example> examples = examples(3);
    Path log = dir.resolve("new/folder/log.jsonl");
    KeywordVictim victim = new KeywordVictim(WEIGHTS);
    runner(victim, AttackSettings.seeded(1)).run(TextFooler.published(), examples, log, p -> {});
    String before = Files.readString(log);
    refused(AttackSettings.seeded(2), examples, log, "another run");
    refused(AttackSettings.seeded(1).withProvenance("other"), examples, log, "another run");
    refused(AttackSettings.seeded(1), examples(4).subList(1, 4), log, "another run");
    assertEquals(before, Files.readString(log));
    Files.writeString(log, before.replaceFirst("\"status\"", "\"stratus\""));
    refused(AttackSettings.seeded(1), examples, log, "line 2");
    Files.writeString(log, before + before.lines().toList().get(1) + "\n");
    refused(AttackSettings.seeded(1), examples, log, "twice");
    Files.writeString(log, "sentence\tlabel\n");
    refused(AttackSettings.seeded(1), examples, log, "line 1");
  }

  private void refused(AttackSettings settings, List<Example> examples, Path log, String why) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                runner(new KeywordVictim(WEIGHTS), settings)
                    .run(TextFooler.published(), examples, log, p -> {}));
    assertTrue(e.toString().contains(why), e.toString());
  }

  @Test
  void aFailureInsideASearchNamesTheExample() {
    AttackRecipe broken =
        new TestRecipe(
            new Attack(
                "broken",
                Goal.untargeted(),
                List.of(),
                (current, index, rng) -> {
                  if (current.text().contains("bad")) {
                    throw new IllegalStateException("no luck");
                  }
                  return List.of();
                },
                new GreedyWordSwap(Importance.deletion(), Rule.TEXTATTACK)));
    List<Example> examples =
        List.of(
            new Example("a good movie", null, 1),
            new Example("a bad movie", null, 0),
            new Example("a happy movie", null, 1));
    AttackException e =
        assertThrows(
            AttackException.class,
            () ->
                runner(new KeywordVictim(WEIGHTS), AttackSettings.seeded(0)).run(broken, examples));
    assertEquals(1, e.example());
    assertEquals("broken on example 1 failed: no luck", e.getMessage());
    assertInstanceOf(IllegalStateException.class, e.getCause());
  }

  @Test
  void aFailureOfTheVictimEndsTheRun() {
    IllegalStateException failure = new IllegalStateException("out of memory on the device");
    Predictor broken =
        new Predictor() {
          @Override
          public int classes() {
            return 2;
          }

          @Override
          public float[][] predict(List<TextInput> texts) {
            throw failure;
          }
        };
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () ->
                runner(broken, AttackSettings.seeded(0)).run(TextFooler.published(), examples(5))));
  }

  @Test
  void aFailureOfTheEncoderEndsTheRunWhileOthersWaitForTheVictim() {
    IllegalStateException failure = new IllegalStateException("no such layer");
    AttackResources resources =
        AttackResources.bundled()
            .withEncoder(texts -> {
              throw failure;
            });
    AttackRunner runner =
        new AttackRunner(new KeywordVictim(WEIGHTS), resources, AttackSettings.seeded(0));
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class, () -> runner.run(TextFooler.published(), examples(40))));
  }

  @Test
  void anInterruptEndsTheRunAndIsKept() {
    KeywordVictim victim =
        new KeywordVictim(WEIGHTS) {
          @Override
          public float[][] predict(List<TextInput> texts) {
            Thread.currentThread().interrupt();
            return super.predict(texts);
          }
        };
    assertThrows(
        CancellationException.class,
        () -> runner(victim, AttackSettings.seeded(0)).run(TextFooler.published(), examples(5)));
    assertTrue(Thread.interrupted());
  }

  @Test
  void senselessAnswersAndLabelsAreRefused() {
    Example strange = new Example("a good movie", null, 2);
    assertThrows(
        IllegalArgumentException.class, () -> run(List.of(strange), AttackSettings.seeded(0)));
    KeywordVictim diverged = new KeywordVictim(Map.of("good", Double.NaN));
    AttackException e =
        assertThrows(
            AttackException.class,
            () ->
                runner(diverged, AttackSettings.seeded(0))
                    .run(TextFooler.published(), examples(5)));
    assertTrue(e.toString().contains("NaN"), e.toString());
    assertThrows(IllegalArgumentException.class, () -> new Budget(0));
    assertThrows(IllegalArgumentException.class, () -> AttackSettings.seeded(0).withSizes(0, 1));
  }

  @Test
  void noExamplesGiveNoOutcomes() {
    AttackRun run = run(List.of(), AttackSettings.seeded(0));
    assertEquals(List.of(), run.outcomes());
    assertEquals(new AttackRun.Work(0, 0, 0, 0, 0), run.work());
  }

  private static AttackRecipe randomOrder() {
    return new TestRecipe(
        new Attack(
            "random",
            Goal.untargeted(),
            List.of(Constraints.noRepeat()),
            new SwapWord(AttackResources.bundled().substitutions(), 5, 0),
            new GreedyWordSwap(Importance.random(), Rule.TEXTATTACK)));
  }

  private static AttackRun run(List<Example> examples, AttackSettings settings) {
    return runner(new KeywordVictim(WEIGHTS), settings).run(TextFooler.published(), examples);
  }

  private static AttackRunner runner(Predictor victim, AttackSettings settings) {
    AttackResources resources = AttackResources.bundled().withEncoder(new WordHashEncoder());
    return new AttackRunner(victim, resources, settings);
  }

  /** Random sentences, some longer than the similarity window, with random labels. */
  private static List<Example> examples(int count) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Rng rng = Rng.seed(9).split(i);
      List<String> words = new ArrayList<>();
      int length = 3 + rng.below(0, 16);
      for (int w = 0; w < length; w++) {
        words.add(WORDS.get(rng.below(1 + w, WORDS.size())));
      }
      examples.add(new Example(String.join(" ", words) + ".", null, rng.below(99, 2)));
    }
    return examples;
  }
}
