package dev.bulwark.robust.attack;

import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.lexicon.SentenceEncoder;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import dev.bulwark.tensor.Rng;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attack on one example from first prediction to outcome, as sequential code. */
record ExampleAttack(
    Attack attack, Predictor victim, @Nullable SentenceEncoder encoder, AttackSettings settings) {

  Outcome run(int index, Example example) {
    Rng rng = Rng.seed(settings.seed()).split("attack").split(index);
    SearchSpace space = new SearchSpace(attack, victim, example.label(), settings.budget(), rng);
    AttackedText text = AttackedText.of(new TextInput(example.text(), example.pair()));
    Scored clean = space.score(List.of(text)).getFirst();
    if (clean.reached()) {
      return outcome(index, Status.SKIPPED, space, clean, clean, Double.NaN);
    }
    Scored found = attack.search().search(space, clean);
    Status status = found.reached() ? Status.SUCCESS : Status.FAILED;
    return outcome(index, status, space, clean, found, similarity(clean, found));
  }

  private static Outcome outcome(
      int index, Status status, SearchSpace space, Scored clean, Scored found, double similarity) {
    return new Outcome(
        index,
        status,
        clean.text().input(),
        found.text().input(),
        space.label(),
        Goal.argmax(clean.probabilities()),
        Goal.argmax(found.probabilities()),
        clean.probabilities(),
        found.probabilities(),
        found.text().changes(),
        clean.text().size(),
        space.queries(),
        similarity);
  }

  private double similarity(Scored clean, Scored found) {
    if (encoder == null || !found.reached()) {
      return Double.NaN;
    }
    float[][] both = encoder.encode(List.of(clean.text().text(), found.text().text()));
    return SentenceSimilarity.cosine(both[0], both[1]);
  }
}
