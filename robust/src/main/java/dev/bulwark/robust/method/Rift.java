package dev.bulwark.robust.method;

import dev.bulwark.autograd.Variable;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.objective.HullAttack;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.ParameterDistance;
import dev.bulwark.robust.objective.ProjectionPair;
import dev.bulwark.robust.objective.RiftTerms;
import dev.bulwark.robust.objective.RiftTerms.Name;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.TokenSynonyms;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * RIFT (Dong et al., "How should pre-trained language models be fine-tuned towards adversarial
 * robustness?", NeurIPS 2021, as in the released code): learns to classify clean and adversarial
 * text alike, and keeps what the features of the pre-trained model tell about a text beyond its
 * class. ASCC (Dong et al., ICLR 2021) is the same without the last part.
 *
 * <p>The classifier is the model's own, one linear layer with dropout on the pooled feature; the
 * released code has two layers (256 units, ReLU) without dropout.
 *
 * @param weights of the terms
 * @param parts models and heads
 * @param attack finds the adversarial point
 * @param synonyms of the model's tokens
 * @param slots candidates at a position, the word itself among them
 */
public record Rift(
    Map<Name, Double> weights,
    RiftTerms.Parts parts,
    HullAttack attack,
    TokenSynonyms synonyms,
    int slots)
    implements Objective {
  private static final int HIDDEN = 512; // units of a projection head
  private static final int PROJECTED = 256;

  static final Method METHOD =
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
    HullAttack attack = HullOptions.attack(s);
    int slots = 1 + s.atLeast(0, "synonyms");
    double decay = s.magnitude("head-decay");
    int warmup = s.atLeast(0, "rate-warmup");
    boolean informed = byClass || weigh(weights, Name.MI_CLEAN, Name.MI_ADV);
    if (informed && !(s.number("temperature") > 0)) {
      throw new IllegalArgumentException(
          "temperature must be above 0, but is " + s.text("temperature"));
    }
    return Recipe.tuned(setup -> {
      SequenceClassifier model = setup.pooledModel(method);
      RiftTerms.Parts parts =
          new RiftTerms.Parts(
              model,
              model::classify,
              informed ? Optional.of(teacher(model, s, setup.rng())) : Optional.empty(),
              weigh(weights, Name.PARAMS_L2)
                  ? Optional.of(ParameterDistance.of(model))
                  : Optional.empty());
      TokenSynonyms synonyms = HullOptions.synonyms(s, setup.classifier());
      Rift objective = new Rift(weights, parts, attack, synonyms, slots);
      return new RiftTuning(objective, s.flag("class-blocks"), byClass, decay, warmup);
    });
  }

  private static RiftTerms.Teacher teacher(SequenceClassifier model, Settings s, Rng rng) {
    DType dtype = model.parameters().values().iterator().next().value().dtype();
    Source source = Source.random(dtype, rng).under("rift");
    int features = model.encoder().hiddenSize();
    List<ProjectionPair> classHeads =
        IntStream.range(0, model.classes())
            .mapToObj(
                c -> new ProjectionPair(source.under("class." + c), features, HIDDEN, PROJECTED))
            .toList();
    return new RiftTerms.Teacher(
        model.frozenCopy(),
        new ProjectionPair(source.under("any"), features, HIDDEN, PROJECTED),
        classHeads,
        s.number("temperature"),
        s.text("mi-pass").equals("own"));
  }

  private static boolean weigh(Map<Name, Double> weights, Name... terms) {
    return List.of(terms).stream().anyMatch(t -> weights.getOrDefault(t, 0.0) != 0);
  }

  @Override
  public Result gradients(Step step) {
    int[][] candidates = synonyms.candidates(step.batch().tokens());
    WordHull hull = WordHull.of(step.batch().tokens(), candidates, slots);
    Map<String, Double> readings = new TreeMap<>();
    Variable total = new RiftTerms(parts, step, hull, worst(step, hull)).total(weights, readings);
    double loss = total.item();
    return new Result(total.backward(), loss, readings);
  }

  /** The adversarial point; none is searched if no term looks at it or no word has synonyms. */
  private @Nullable Tensor worst(Step step, WordHull hull) {
    if (weights.keySet().stream().noneMatch(t -> t.isAdversarial() && weigh(weights, t))) {
      return null;
    }
    DType dtype = step.words().value().dtype();
    if (!hull.hasChoice()) {
      return hull.mask(dtype);
    }
    return attack.worst(
        step,
        (context, encoded) -> step.model().logits(context, encoded, step.batch().focus()),
        hull,
        HullSearch.start(hull, dtype, step.draws()),
        HullSearch.Watcher.NONE);
  }
}
