package dev.bulwark.robust.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.robust.attack.GreedyWordSwap.Rule;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import dev.bulwark.robust.predict.TextInput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GreedyWordSwapTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of("great", 3.0, "fine", 1.0, "okay", 0.2, "plot", 0.5, "story", -1.0, "awful", -9.0);
  private static final WordSubstitutions SYNONYMS =
      w ->
          switch (w) {
            case "great" -> List.of(new Substitute("fine"), new Substitute("okay"));
            case "plot" -> List.of(new Substitute("story"));
            default -> List.of();
          };
  private static final Example EXAMPLE = new Example("a great plot here", null, 1);

  @Test
  void wordsAreChangedInOrderOfImportanceUntilTheLabelFlips() {
    Outcome o = attack(Importance.deletion(), Rule.TEXTATTACK, List.of(), Budget.unlimited());
    assertEquals(Status.SUCCESS, o.status());
    assertEquals("a okay story here", o.perturbed().text());
    assertEquals(1 + 4 + 2 + 1, o.queries());
    assertEquals(4, o.words());
    assertEquals(0.5, o.changedShare());
    assertEquals(1, o.originalPrediction());
    assertEquals(0, o.finalPrediction());
  }

  @Test
  void maskingFindsTheSameWords() {
    Outcome o = attack(Importance.masking(), Rule.TEXTATTACK, List.of(), Budget.unlimited());
    assertEquals("a okay story here", o.perturbed().text());
  }

  @Test
  void theBudgetIsSpentExactlyAndEndsTheSearch() {
    for (int limit = 1; limit <= 9; limit++) {
      KeywordVictim victim = new KeywordVictim(WEIGHTS);
      Outcome o =
          attack(victim, Importance.deletion(), Rule.TEXTATTACK, List.of(), new Budget(limit));
      assertEquals(Math.min(limit, 8), o.queries());
      assertEquals(o.queries(), victim.seen.size());
      assertEquals(limit >= 8 ? Status.SUCCESS : Status.FAILED, o.status());
      String expected =
          switch (limit) {
            case 1, 2, 3, 4, 5 -> "a great plot here";
            case 6 -> "a fine plot here";
            case 7 -> "a okay plot here";
            default -> "a okay story here";
          };
      assertEquals(expected, o.perturbed().text(), "budget " + limit);
    }
  }

  @Test
  void textsThatAreWrongAlreadyAreSkippedForOneQuery() {
    KeywordVictim victim = new KeywordVictim(WEIGHTS);
    Example wrong = new Example(EXAMPLE.text(), null, 0);
    Outcome o = run(victim, recipe(Importance.deletion(), Rule.TEXTATTACK, List.of()), wrong);
    assertEquals(Status.SKIPPED, o.status());
    assertEquals(1, o.queries());
    assertEquals(o.original(), o.perturbed());
    assertEquals(List.of(), o.changes());
  }

  @Test
  void thePapersCodePaysForProposalsThatConstraintsDrop() {
    Constraint noOkay = dropping("okay");
    Outcome ours =
        attack(Importance.deletion(), Rule.TEXTATTACK, List.of(noOkay), Budget.unlimited());
    Outcome paper = attack(Importance.deletion(), Rule.PAPER, List.of(noOkay), Budget.unlimited());
    assertEquals(1 + 4 + 1 + 1, ours.queries());
    assertEquals(1 + 4 + 2 + 1, paper.queries());
    assertEquals("a fine story here", ours.perturbed().text());
    assertEquals("a fine story here", paper.perturbed().text());
  }

  @Test
  void amongSuccessesTheMostSimilarIsTaken() {
    Constraint noting =
        new Constraint() {
          @Override
          public List<AttackedText> keep(List<AttackedText> candidates, AttackedText current) {
            return candidates.stream()
                .map(c -> c.withSimilarity(c.text().contains("poor") ? 0.9 : 0.1))
                .toList();
          }
        };
    WordSubstitutions synonyms = w -> List.of(new Substitute("awful"), new Substitute("poor"));
    Map<String, Double> weights = Map.of("great", 3.0, "awful", -9.0, "poor", -2.0);
    AttackRecipe recipe = recipe(synonyms, Importance.deletion(), Rule.TEXTATTACK, List.of(noting));
    Outcome o = run(new KeywordVictim(weights), recipe, new Example("great", null, 1));
    assertEquals("poor", o.perturbed().text());
  }

  @Test
  void aTextWithoutWordsFails() {
    Outcome o =
        run(
            new KeywordVictim(WEIGHTS),
            recipe(Importance.deletion(), Rule.TEXTATTACK, List.of()),
            new Example("...", null, 0));
    assertEquals(Status.FAILED, o.status());
    assertEquals(0, o.words());
    assertEquals(0, o.changedShare());
  }

  private static Constraint dropping(String word) {
    return new Constraint() {
      @Override
      public List<AttackedText> keep(List<AttackedText> candidates, AttackedText current) {
        return candidates.stream().filter(c -> !c.text().contains(word)).toList();
      }
    };
  }

  private static Outcome attack(
      Importance importance, Rule rule, List<Constraint> constraints, Budget budget) {
    return attack(new KeywordVictim(WEIGHTS), importance, rule, constraints, budget);
  }

  private static Outcome attack(
      KeywordVictim victim,
      Importance importance,
      Rule rule,
      List<Constraint> constraints,
      Budget budget) {
    return new AttackRunner(
            victim, AttackResources.bundled(), AttackSettings.seeded(1).withBudget(budget))
        .run(recipe(importance, rule, constraints), List.of(EXAMPLE))
        .outcomes()
        .getFirst();
  }

  private static Outcome run(KeywordVictim victim, AttackRecipe recipe, Example example) {
    Outcome o =
        new AttackRunner(victim, AttackResources.bundled(), AttackSettings.seeded(1))
            .run(recipe, List.of(example))
            .outcomes()
            .getFirst();
    assertEquals(new TextInput(example.text(), null), o.original());
    return o;
  }

  private static AttackRecipe recipe(Importance importance, Rule rule, List<Constraint> extra) {
    return recipe(SYNONYMS, importance, rule, extra);
  }

  private static AttackRecipe recipe(
      WordSubstitutions synonyms, Importance importance, Rule rule, List<Constraint> constraints) {
    return new TestRecipe(
        new Attack(
            "test",
            Goal.untargeted(),
            constraints,
            new SwapWord(synonyms, 50, 0.5),
            new GreedyWordSwap(importance, rule)));
  }
}
