package dev.bulwark.robust.attack.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.AttackRunner;
import dev.bulwark.robust.attack.AttackSettings;
import dev.bulwark.robust.attack.Budget;
import dev.bulwark.robust.attack.KeywordVictim;
import dev.bulwark.robust.attack.Outcome;
import dev.bulwark.robust.attack.Status;
import dev.bulwark.robust.attack.WeightedSaliency;
import dev.bulwark.robust.attack.recipe.Pwws.Mode;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PwwsTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of("great", 3.0, "fine", 1.0, "okay", 0.2, "plot", 0.5, "story", -1.0, "tale", 0.4);
  private static final WordSubstitutions SYNONYMS =
      w ->
          switch (w) {
            case "great" -> List.of(new Substitute("fine"), new Substitute("okay"));
            case "plot" -> List.of(new Substitute("tale"), new Substitute("story"));
            case "here" -> List.of(new Substitute("there"));
            default -> List.of();
          };

  private static Outcome attack(Pwws recipe, AttackResources resources, Example e, Budget budget) {
    AttackSettings settings = AttackSettings.seeded(1).withBudget(budget);
    return new AttackRunner(new KeywordVictim(WEIGHTS), resources, settings)
        .run(recipe, List.of(e))
        .outcomes()
        .getFirst();
  }

  private static Outcome attack(Example e, Budget budget) {
    return attack(
        new Pwws(Mode.RIFT, 50), AttackResources.bundled().withSubstitutions(SYNONYMS), e, budget);
  }

  @Test
  void thePlanWeighsGainsBySaliency() {
    WeightedSaliency plan =
        WeightedSaliency.of(
            0.9, new double[] {0.5, 0.9, 0.8}, new double[][] {{0.8, 0.6, 0.6}, {}, {0.95}});
    assertEquals(List.of(1, -1, 0), plan.best());
    assertEquals(List.of(0, 2), plan.order());
    double sum = Math.exp(0.4) + Math.exp(0) + Math.exp(0.1);
    assertEquals(0.3 * Math.exp(0.4) / sum, plan.score().get(0), 1e-12);
    assertEquals(0, plan.score().get(1));
    assertEquals(-0.05 * Math.exp(0.1) / sum, plan.score().get(2), 1e-12);
  }

  @Test
  void wordsAreReplacedInTheOrderOfTheCleanTextUntilTheLabelFlips() {
    Outcome o = attack(new Example("a great plot here", null, 1), Budget.unlimited());
    assertEquals(Status.SUCCESS, o.status());
    assertEquals("a okay story here", o.perturbed().text());
    assertEquals(1 + 4 + 5 + 2, o.queries());
  }

  @Test
  void aTextThatHoldsIsChangedEverywhere() {
    Outcome o = attack(new Example("great ".repeat(6) + "plot here", null, 1), new Budget(1000));
    assertEquals(Status.FAILED, o.status());
    assertEquals("okay ".repeat(6) + "story there", o.perturbed().text());
  }

  @Test
  void withoutBudgetForTheProbesNothingChanges() {
    Outcome o = attack(new Example("a great plot here", null, 1), new Budget(9));
    assertEquals("a great plot here", o.perturbed().text());
    assertEquals(9, o.queries());
  }

  @Test
  void bothSourcesOfSubstitutesAreBundled() {
    Example e = new Example("It was a great plot.", "A great plot.", 1);
    for (Mode mode : Mode.values()) {
      Outcome o = attack(new Pwws(mode, 50), AttackResources.bundled(), e, Budget.unlimited());
      assertEquals(e.text(), o.perturbed().text());
      assertTrue(!o.changes().isEmpty(), mode + " changed nothing");
    }
    assertThrows(IllegalArgumentException.class, () -> new Pwws(Mode.RIFT, 0));
  }
}
