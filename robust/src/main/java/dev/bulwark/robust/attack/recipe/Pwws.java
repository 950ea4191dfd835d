package dev.bulwark.robust.attack.recipe;

import dev.bulwark.robust.attack.Attack;
import dev.bulwark.robust.attack.AttackRecipe;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.Constraint;
import dev.bulwark.robust.attack.Constraints;
import dev.bulwark.robust.attack.Goal;
import dev.bulwark.robust.attack.Importance;
import dev.bulwark.robust.attack.SaliencySearch;
import dev.bulwark.robust.attack.SwapWord;
import dev.bulwark.robust.lexicon.NeighborTable;
import dev.bulwark.robust.lexicon.StopWords;
import dev.bulwark.robust.lexicon.WordNet;
import java.util.ArrayList;
import java.util.List;

/**
 * PWWS (Ren et al., "Generating natural language adversarial examples through probability weighted
 * word saliency", ACL 2019): words are replaced in the order of what their best substitute does to
 * the victim, weighted by how much the word matters.
 *
 * @param mode whose substitutes and rules
 * @param candidates substitutes tried per word, at least 1
 */
public record Pwws(Mode mode, int candidates) implements AttackRecipe {
  /** What stands for a hidden word in RIFT's code. */
  private static final String NULL = "NULL";

  /** Whose substitutes and rules. */
  public enum Mode {
    /**
     * As RIFT evaluates (NeurIPS 2021, released code): substitutes are neighbours in the
     * counter-fitted table, any word of the hypothesis may change, "NULL" hides a word.
     */
    RIFT,
    /**
     * As the paper: substitutes are WordNet synonyms of the word's part of speech, [UNK] hides a
     * word. Unlike the paper, named entities are not swapped, and stop words stay.
     */
    PAPER
  }

  /** Refuses settings that allow nothing. */
  public Pwws {
    if (candidates < 1) {
      throw new IllegalArgumentException("PWWS needs candidates >= 1, got " + candidates);
    }
  }

  @Override
  public String name() {
    return "PWWS";
  }

  @Override
  public Attack build(AttackResources r) {
    boolean paper = mode == Mode.PAPER;
    List<Constraint> constraints =
        new ArrayList<>(List.of(Constraints.noRepeat(), Constraints.hypothesisOnly()));
    if (paper) {
      constraints.add(Constraints.noStopWords(StopWords.textFooler().ignoringCase()));
      constraints.add(Constraints.samePos(r.tagger(), false));
    }
    return new Attack(
        name(),
        Goal.untargeted(),
        constraints,
        new SwapWord(
            r.substitutionsOr(paper ? WordNet.bundled() : NeighborTable.bundled()),
            candidates,
            Double.NEGATIVE_INFINITY),
        new SaliencySearch(paper ? Importance.UNKNOWN : NULL));
  }
}
