package dev.bulwark.robust.method;

import com.google.auto.service.AutoService;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.HullAttack;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.ProjectionPair;
import dev.bulwark.robust.objective.RiftTerms;
import dev.bulwark.robust.objective.RiftTerms.Name;
import dev.bulwark.robust.perturb.TokenSynonyms;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** RIFT and ASCC by name: their options, with the weights of the released runs. */
final class RiftMethods {
  static final Method RIFT =
      new Method(
          "rift",
          "Trains on synonyms mixed for the worst, and keeps the pre-trained model's information.",
          "Dong et al., NeurIPS 2021; released code, weights of its IMDB run with BERT",
          options(
              "rift",
              Map.of(Name.CLEAN, 1.0, Name.KL, 10.0, Name.MI_GIVENY_ADV, 0.1),
              List.of(Name.values()),
              List.of(
                  Option.number("temperature", 0.2, "divides the cosines of InfoNCE, above 0"),
                  Option.whole("mi-hidden", 512, "units of a projection head, 1 or more"),
                  Option.whole("mi-size", 256, "size of a projection, 1 or more"),
                  Option.choice(
                      "mi-pass",
                      "own",
                      "whether the terms given the class make a forward pass of their own, with"
                          + " dropout of its own as in the code, or share that of the logits",
                      "own",
                      "shared"))),
          s -> recipe("rift", s, List.of(Name.values())));

  private static final List<Name> ASCC_TERMS = List.of(Name.CLEAN, Name.ADV, Name.KL);

  static final Method ASCC =
      new Method(
          "ascc",
          "Trains on synonyms mixed for the worst.",
          "Dong et al., ICLR 2021; released code, weights of its IMDB run",
          options("mean", Map.of(Name.CLEAN, 1.0, Name.KL, 4.0), ASCC_TERMS, List.of()),
          s -> recipe("ascc", s, ASCC_TERMS));

  private RiftMethods() {}

  private static List<Option> options(
      String scaling, Map<Name, Double> standard, List<Name> terms, List<Option> further) {
    List<Option> all = new ArrayList<>();
    terms.forEach(t ->
        all.add(
            Option.number(option(t), standard.getOrDefault(t, 0.0), t.meaning() + ": its weight")));
    all.addAll(further);
    all.addAll(HullOptions.of(scaling));
    return all;
  }

  private static String option(Name term) {
    return "w-" + term.label().replace('_', '-');
  }

  private static Recipe recipe(String method, Settings s, List<Name> terms) {
    Map<Name, Double> weights = new EnumMap<>(Name.class);
    terms.forEach(t -> weights.put(t, s.magnitude(option(t))));
    if (weights.values().stream().allMatch(w -> w == 0)) {
      throw new IllegalArgumentException(
          method + " needs a term with weight; all of its w- options are 0");
    }
    boolean byClass = weigh(weights, Name.MI_GIVENY_CLEAN, Name.MI_GIVENY_ADV);
    if (byClass && !s.flag("class-blocks")) {
      throw new IllegalArgumentException(
          "the terms w-mi-giveny-clean and w-mi-giveny-adv need class-blocks=true");
    }
    boolean informed = byClass || weigh(weights, Name.MI_CLEAN, Name.MI_ADV);
    Optional<Comparison> comparison = informed ? Optional.of(comparison(s)) : Optional.empty();
    HullAttack attack = HullOptions.attack(s);
    int slots = 1 + s.atLeast(0, "synonyms");
    double decay = s.magnitude("head-decay");
    int warmup = s.atLeast(0, "rate-warmup");
    return Recipe.tuned(setup -> {
      SequenceClassifier model = setup.pooledModel(method);
      boolean distant = weigh(weights, Name.PARAMS_L2);
      RiftTerms.Parts parts =
          new RiftTerms.Parts(
              model,
              model::classify,
              comparison.map(c -> c.teacher(model, setup.rng())),
              distant ? Optional.of(ParameterDistance.of(model)) : Optional.empty());
      TokenSynonyms synonyms = HullOptions.synonyms(s, setup.classifier());
      Rift objective = new Rift(weights, parts, attack, synonyms, slots);
      return new RiftTuning(objective, s.flag("class-blocks"), byClass, decay, warmup);
    });
  }

  private static boolean weigh(Map<Name, Double> weights, Name... terms) {
    return Stream.of(terms).anyMatch(t -> weights.getOrDefault(t, 0.0) != 0);
  }

  /** How features are compared with the pre-trained model's. */
  private record Comparison(double temperature, int hidden, int size, boolean ownPass) {
    RiftTerms.Teacher teacher(SequenceClassifier model, Rng rng) {
      DType dtype = model.parameters().values().iterator().next().value().dtype();
      Source source = Source.random(dtype, rng).under("rift");
      List<ProjectionPair> classHeads =
          IntStream.range(0, model.classes())
              .mapToObj(c -> pair(source.under("class." + c), model))
              .toList();
      return new RiftTerms.Teacher(
          model.frozenCopy(), pair(source.under("any"), model), classHeads, temperature, ownPass);
    }

    private ProjectionPair pair(Source source, SequenceClassifier model) {
      return new ProjectionPair(source, model.encoder().hiddenSize(), hidden, size);
    }
  }

  private static Comparison comparison(Settings s) {
    if (!(s.number("temperature") > 0)) {
      throw new IllegalArgumentException(
          "temperature must be above 0, but is " + s.text("temperature"));
    }
    return new Comparison(
        s.number("temperature"),
        s.atLeast(1, "mi-hidden"),
        s.atLeast(1, "mi-size"),
        s.text("mi-pass").equals("own"));
  }

  /** Lists it among the methods. */
  @AutoService(Method.Listing.class)
  public static final class Listed implements Method.Listing {
    @Override
    public List<Method> methods() {
      return List.of(RIFT, ASCC);
    }
  }
}
