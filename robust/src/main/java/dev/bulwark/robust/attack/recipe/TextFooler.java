package dev.bulwark.robust.attack.recipe;

import dev.bulwark.robust.attack.Attack;
import dev.bulwark.robust.attack.AttackRecipe;
import dev.bulwark.robust.attack.AttackResources;
import dev.bulwark.robust.attack.Constraint;
import dev.bulwark.robust.attack.Constraints;
import dev.bulwark.robust.attack.Extent;
import dev.bulwark.robust.attack.Goal;
import dev.bulwark.robust.attack.GreedyWordSwap;
import dev.bulwark.robust.attack.GreedyWordSwap.Rule;
import dev.bulwark.robust.attack.Importance;
import dev.bulwark.robust.attack.SentenceSimilarity;
import dev.bulwark.robust.attack.SentenceSimilarity.Metric;
import dev.bulwark.robust.attack.SentenceSimilarity.Reference;
import dev.bulwark.robust.attack.SwapWord;
import dev.bulwark.robust.lexicon.StopWords;
import java.util.ArrayList;
import java.util.List;

/**
 * TextFooler (Jin et al., "Is BERT Really Robust?", AAAI 2020): the most important words are
 * replaced, one after the other, by the synonym that hurts the victim most, as long as part of
 * speech and meaning stay.
 *
 * <p>Not as published: substitutes are those of the resources, whose default is the bundled
 * neighbour table and WordNet (see {@link AttackResources}); and the sentence encoder is whatever
 * was given, while the threshold was tuned for the Universal Sentence Encoder.
 *
 * @param mode whose code to follow where they differ
 * @param candidates substitutes tried per word; both codes take 50
 * @param minCosine smallest cosine between word and substitute, where the source of substitutes
 *     knows it; 0.5 in the paper's tables (the authors' script defaults to 0.7)
 * @param minSimilarity smallest angular similarity of the 15 words around the change; 0 switches
 *     the comparison, and the need for an encoder, off
 */
public record TextFooler(Mode mode, int candidates, double minCosine, double minSimilarity)
    implements AttackRecipe {
  /** 1 - 0.5 / pi: the authors ask for 0.5 but forget to divide the angle by pi. */
  public static final double PUBLISHED_SIMILARITY = 0.840845;

  /** 1 - (1 - 0.1) / pi: the authors' 0.1 for short texts, by the same slip. */
  private static final double SHORT_TEXT_SIMILARITY = 1 - 0.9 / Math.PI;

  private static final int WINDOW = 15;

  /** Whose code to follow. */
  public enum Mode {
    /**
     * TextAttack's recipe: importance by deletion; stop words match in their own case; texts under
     * 15 words need no similarity; premise and hypothesis share windows.
     */
    TEXTATTACK,
    /**
     * The authors' code: importance by masking, plus the rise of the new class when it flips; every
     * word is probed and every proposal paid for; stop words match in any case; short texts need
     * some similarity; windows stay in the hypothesis. Not modelled: tags of whole short texts.
     */
    PAPER
  }

  /** Refuses settings that allow nothing. */
  public TextFooler {
    if (candidates < 1 || !(minCosine <= 1) || !(minSimilarity <= 1)) {
      throw new IllegalArgumentException(
          "TextFooler needs candidates >= 1 and thresholds <= 1, got candidates %d, cosine %s, similarity %s"
              .formatted(candidates, minCosine, minSimilarity));
    }
  }

  /** {@return the settings of the published tables, in TextAttack's reading} */
  public static TextFooler published() {
    return new TextFooler(Mode.TEXTATTACK, 50, 0.5, PUBLISHED_SIMILARITY);
  }

  @Override
  public String name() {
    return "TextFooler";
  }

  @Override
  public Attack build(AttackResources r) {
    boolean paper = mode == Mode.PAPER;
    StopWords stopWords = StopWords.textFooler();
    List<Constraint> constraints = new ArrayList<>();
    constraints.add(Constraints.noRepeat());
    constraints.add(Constraints.noStopWords(paper ? stopWords.ignoringCase() : stopWords));
    constraints.add(Constraints.hypothesisOnly());
    constraints.add(Constraints.samePos(r.tagger(), true));
    if (minSimilarity > 0) {
      constraints.add(
          new SentenceSimilarity(
              r.encoderFor(name()),
              Metric.ANGULAR,
              minSimilarity,
              WINDOW,
              paper ? Extent.COLUMN : Extent.ALL,
              Reference.PREVIOUS,
              paper ? SHORT_TEXT_SIMILARITY : Double.NEGATIVE_INFINITY));
    }
    return new Attack(
        name(),
        Goal.untargeted(),
        constraints,
        new SwapWord(r.substitutions(), candidates, minCosine),
        paper
            ? new GreedyWordSwap(Importance.maskingAndFlip(), Rule.PAPER)
            : new GreedyWordSwap(Importance.deletion(), Rule.TEXTATTACK));
  }
}
