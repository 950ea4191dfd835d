package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adversarial data augmentation: training examples are attacked once, with another trained model as
 * the victim, and what breaks it is trained on beside the originals (Jin et al., "Is BERT really
 * robust?", AAAI 2020, section 5).
 *
 * <p>Combines with every method, for it changes the training data alone.
 */
final class Augment implements Tuning {
  static final Method METHOD =
      new Method(
          "augment",
          "Trains on successful attacks on another model as well.",
          "Jin et al., AAAI 2020, section 5",
          List.of(
              Option.text("victim", "", "the trained model to attack: a folder (needed)"),
              Option.whole(
                  "limit", 500, "training examples to attack, drawn at random, 1 or more")),
          s -> {
            String victim = s.text("victim");
            if (victim.isBlank()) {
              throw new IllegalArgumentException(
                  "augment attacks a trained model; name its folder with --set victim=DIR");
            }
            int limit = s.atLeast(1, "limit");
            return Recipe.tuned(setup -> new Augment(setup, victim, limit));
          });

  private final Setup.Adversary adversary;
  private final String victim;
  private final int limit;
  private final Rng rng;

  private Augment(Setup setup, String victim, int limit) {
    this.adversary =
        setup
            .adversary()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "augment needs somebody who attacks: give the Trainer an adversary"));
    this.victim = victim;
    this.limit = limit;
    this.rng = setup.rng().split("augment");
  }

  @Override
  public List<Example> examples(List<Example> train) throws IOException {
    List<Example> chosen =
        Arrays.stream(rng.permutation(train.size())).limit(limit).mapToObj(train::get).toList();
    List<Example> all = new ArrayList<>(train);
    all.addAll(adversary.attack(victim, chosen));
    return all;
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(METHOD);
    }
  }
}
