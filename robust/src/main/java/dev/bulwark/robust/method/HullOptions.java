package dev.bulwark.robust.method;

import dev.bulwark.robust.lexicon.NeighborTable;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.HullAttack;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.TokenSynonyms;
import dev.bulwark.robust.predict.Classifier;
import java.util.List;

/** The options that RIFT and ASCC share. */
final class HullOptions {
  private HullOptions() {}

  static List<Option> of(String scaling) {
    return List.of(
        Option.whole("ascc-steps", 10, "steps of the search in the hull of synonyms, 1 or more"),
        Option.number("ascc-lr", 1, "learning rate of the search; 1 for BERT, 10 for small models"),
        Option.number("ascc-sparse", 15, "weight of the entropy that makes hull weights sparse"),
        Option.choice(
            "ascc-scaling",
            scaling,
            "entropy of a batch: sum over 38400 (rift, as its code) or mean (as ASCC's code)",
            "rift",
            "mean"),
        Option.choice(
            "ascc-loss",
            "kl",
            "what the search climbs: divergence from the clean prediction, or cross-entropy",
            "kl",
            "ce"),
        Option.whole("synonyms", 9, "most synonyms of a word beside itself, 0 or more"),
        Option.choice(
            "pair-texts",
            "second",
            "which texts of a pair have synonyms; second as in the code (SNLI's hypothesis)",
            "second",
            "both"),
        Option.flag(
            "class-blocks",
            true,
            "the same number of examples of every class in each batch, as in the code; an epoch"
                + " then ends with the smallest class"),
        Option.number(
            "head-decay", 2e-4, "weight decay of all heads; the encoder has none, as in the code"),
        Option.whole(
            "rate-warmup",
            2,
            "epochs of warm-up from a tenth of the learning rate, moved once an epoch as in the"
                + " code; it multiplies the run's own schedule; 0 for none"));
  }

  static HullAttack attack(Settings s) {
    return new HullAttack(
        new HullSearch(
            s.atLeast(1, "ascc-steps"),
            s.magnitude("ascc-lr"),
            s.magnitude("ascc-sparse"),
            HullSearch.Scaling.named(s.text("ascc-scaling")),
            HullSearch.RELEASED_DECAY),
        HullAttack.Loss.named(s.text("ascc-loss")));
  }

  static TokenSynonyms synonyms(Settings s, Classifier classifier) {
    return TokenSynonyms.of(
        classifier.tokenizer(),
        NeighborTable.bundled(),
        s.whole("synonyms"),
        s.text("pair-texts").equals("both"));
  }
}
