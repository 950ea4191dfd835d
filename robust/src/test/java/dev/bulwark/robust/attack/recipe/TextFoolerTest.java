package dev.bulwark.robust.attack.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.AttackRunner;
import dev.bulwark.robust.attack.AttackSettings;
import dev.bulwark.robust.attack.KeywordVictim;
import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import dev.bulwark.robust.attack.WordChange;
import dev.bulwark.robust.attack.WordHashEncoder;
import dev.bulwark.robust.attack.recipe.TextFooler.Mode;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.lexicon.StopWords;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TextFoolerTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of(
          "good", 2.0, "film", 0.5, "enjoyed", 1.5, "fun", 1.0, "the", 2.0, "bad", -2.0, "dog",
          -1.0);
  private static final TextFooler NO_SIMILARITY = new TextFooler(Mode.TEXTATTACK, 50, 0.5, 0);

  @Test
  void foolsAKeywordClassifierAsRecorded() {
    Outcome o =
        attack(
            NO_SIMILARITY, AttackResources.bundled(), "I enjoyed this Film: really good fun.", 1);
    assertEquals(Status.SUCCESS, o.status());
    assertEquals("I liked this Movie: really alright entertaining.", o.perturbed().text());
    assertEquals(65, o.queries());
    assertEquals(0, o.finalPrediction());
    assertTrue(Double.isNaN(o.similarity()));
    for (WordChange c : o.changes()) {
      assertEquals(c.from(), o.original().text().substring(c.start(), c.end()));
      assertEquals(c.to(), o.perturbed().text().substring(c.newStart(), c.newEnd()));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void stopWordsNeverChangeThoughTheyDecide(Mode mode) {
    String text = "the film was good and the story of the dog was fun but the end was bad";
    Outcome o = attack(new TextFooler(mode, 50, 0.5, 0), AttackResources.bundled(), text, 1);
    assertEquals(Status.FAILED, o.status());
    StopWords stop = StopWords.textFooler();
    assertFalse(o.changes().isEmpty());
    o.changes().forEach(c -> assertFalse(stop.contains(c.from()), c.toString()));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void onlyTheHypothesisOfAPairIsChanged(Mode mode) {
    Example pair = new Example("A good film.", "Everybody enjoyed a good fun film.", 1);
    Outcome o = attack(new TextFooler(mode, 50, 0.5, 0), AttackResources.bundled(), pair);
    assertEquals(pair.text(), o.perturbed().text());
    assertFalse(o.changes().isEmpty());
    assertTrue(o.changes().stream().allMatch(c -> c.column() == 1 && c.index() >= 3));
  }

  @Test
  void theAuthorsCodePaysForEveryWordAndEveryProposal() {
    String text = "I enjoyed this film: really good fun.";
    AttackResources resources = AttackResources.bundled();
    int ours = attack(NO_SIMILARITY, resources, text, 1).queries();
    int paper = attack(new TextFooler(Mode.PAPER, 50, 0.5, 0), resources, text, 1).queries();
    assertTrue(paper > ours, paper + " against " + ours);
  }

  @Test
  void withAnEncoderChangesStayCloseAndAreMeasured() {
    AttackResources resources = AttackResources.bundled().withEncoder(new WordHashEncoder());
    String text =
        "I enjoyed this film and you will find that there is a lot to like in it for everyone here";
    Outcome free = attack(TextFooler.published(), resources, text, 1);
    assertEquals(Status.SUCCESS, free.status());
    assertTrue(free.similarity() > 0.5 && free.similarity() < 1, "similarity " + free.similarity());
    TextFooler strict = new TextFooler(Mode.TEXTATTACK, 50, 0.5, 0.99);
    assertEquals(Status.FAILED, attack(strict, resources, text, 1).status());
    assertEquals(List.of(), attack(strict, resources, text, 1).changes());
  }

  @Test
  void aMissingEncoderAndSenselessSettingsAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> attack(TextFooler.published(), AttackResources.bundled(), "a good film", 1));
    assertTrue(e.toString().contains("sentence encoder"), e.toString());
    assertThrows(IllegalArgumentException.class, () -> new TextFooler(Mode.PAPER, 0, 0.5, 0.8));
    assertThrows(
        IllegalArgumentException.class, () -> new TextFooler(Mode.PAPER, 1, Double.NaN, 0.8));
  }

  private static Outcome attack(TextFooler recipe, AttackResources r, String text, int label) {
    return attack(recipe, r, new Example(text, null, label));
  }

  private static Outcome attack(TextFooler recipe, AttackResources r, Example example) {
    return new AttackRunner(new KeywordVictim(WEIGHTS), r, AttackSettings.seeded(1))
        .run(recipe, List.of(example))
        .outcomes()
        .getFirst();
  }
}
