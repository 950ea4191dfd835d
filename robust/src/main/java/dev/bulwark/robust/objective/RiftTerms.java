package dev.bulwark.robust.objective;

import dev.bulwark.autograd.NoGrad;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Losses;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoded;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The terms of RIFT's loss for one batch (Dong et al., NeurIPS 2021, as in the released code). Each
 * forward pass is made when a term asks for it, once.
 */
public final class RiftTerms {
  private static final int ADVERSARIAL = 1; // numbers of passes, each with dropout of its own
  private static final int CLEAN_MI = 2;
  private static final int ADVERSARIAL_MI = 3;

  /** A summand of the loss. */
  public enum Name {
    /** Of the clean text. */
    CLEAN("cross-entropy of the clean text"),
    /** Of the adversarial point. */
    ADV("cross-entropy of the adversarial point"),
    /** Both predictions get a gradient. */
    KL("divergence of the adversarial prediction from the clean one"),
    /** Without class. */
    MI_CLEAN("InfoNCE of clean features and the pre-trained ones"),
    /** Without class. */
    MI_ADV("InfoNCE of adversarial features and the pre-trained ones"),
    /** Negatives of the same class only. */
    MI_GIVENY_CLEAN("InfoNCE of clean features and the pre-trained ones within a class"),
    /** Negatives of the same class only. */
    MI_GIVENY_ADV("InfoNCE of adversarial features and the pre-trained ones within a class"),
    /** Unsquared. */
    PARAMS_L2("distance of the encoder's weights from the pre-trained ones");

    private final String meaning;

    Name(String meaning) {
      this.meaning = meaning;
    }

    /** What it measures, in words. */
    public String meaning() {
      return meaning;
    }

    /** Whether it needs an adversarial point. */
    public boolean isAdversarial() {
      return this == ADV || this == KL || this == MI_ADV || this == MI_GIVENY_ADV;
    }

    /** Its name in readings, such as "mi_giveny_adv". */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the terms work with.
   *
   * @param student the model in training
   * @param classify from pooled features [B, H] to logits [B, C]
   * @param teacher for the terms of mutual information
   * @param distance of the student's parameters from the pre-trained ones, for that term
   */
  public record Parts(
      SequenceClassifier student,
      BiFunction<Context, Variable, Variable> classify,
      Optional<Teacher> teacher,
      Optional<ParameterDistance> distance) {}

  /**
   * The pre-trained model and how the student is compared with it.
   *
   * @param model frozen
   * @param heads of InfoNCE without class
   * @param classHeads those of each class
   * @param temperature of InfoNCE, above 0
   * @param ownPass whether the terms given the class make a forward pass of their own, with dropout
   *     of its own, as the released code does
   */
  public record Teacher(
      SequenceClassifier model,
      ProjectionPair heads,
      List<ProjectionPair> classHeads,
      double temperature,
      boolean ownPass) {}

  private record View(Variable pooled, Variable logits) {}

  private final Parts parts;
  private final Step step;
  private final WordHull hull;
  private final @Nullable Tensor weights;
  private @Nullable View clean;
  private @Nullable View adversarial;
  private @Nullable Variable teacher;

  /**
   * The terms of a step.
   *
   * @param parts models and heads
   * @param step the batch
   * @param hull of its words
   * @param weights of the adversarial point [B, S, K], a constant; null if no adversarial term is
   *     asked for
   */
  public RiftTerms(Parts parts, Step step, WordHull hull, @Nullable Tensor weights) {
    this.parts = parts;
    this.step = step;
    this.hull = hull;
    this.weights = weights;
  }

  /**
   * The value of a term.
   *
   * @param name which
   * @return a scalar
   */
  public Variable of(Name name) {
    return switch (name) {
      case CLEAN -> step.crossEntropy(cleanLogits());
      case ADV -> step.crossEntropy(adversarialLogits());
      case KL -> Losses.klDivergence(cleanLogits(), adversarialLogits());
      case MI_CLEAN -> informed(clean().pooled);
      case MI_ADV -> informed(adversarial().pooled);
      case MI_GIVENY_CLEAN -> givenClass(by().ownPass ? clean(CLEAN_MI) : clean().pooled);
      case MI_GIVENY_ADV ->
          givenClass(by().ownPass ? adversarial(ADVERSARIAL_MI) : adversarial().pooled);
      case PARAMS_L2 -> parts.distance.orElseThrow().norm();
    };
  }

  /**
   * The weighted sum of the terms that have weight.
   *
   * @param share weight of each term
   * @param readings receives the value of each
   * @return a scalar
   * @throws IllegalArgumentException if no term has weight
   */
  public Variable total(Map<Name, Double> share, Map<String, Double> readings) {
    Variable sum = null;
    for (Map.Entry<Name, Double> e : new TreeMap<>(share).entrySet()) {
      if (e.getValue() != 0) {
        Variable value = of(e.getKey());
        readings.put(e.getKey().label(), value.item());
        Variable summand = value.times(e.getValue());
        sum = sum == null ? summand : sum.plus(summand);
      }
    }
    if (sum == null) {
      throw new IllegalArgumentException("no term of the loss has weight");
    }
    return sum;
  }

  private Teacher by() {
    return parts.teacher.orElseThrow();
  }

  private Variable informed(Variable student) {
    return by().heads.infoNce(student, teacherFeatures(), by().temperature);
  }

  private Variable givenClass(Variable student) {
    List<Variable> each =
        ProjectionPair.infoNceByClass(
            by().classHeads, student, teacherFeatures(), by().temperature);
    return each.stream().reduce(Variable::plus).orElseThrow().times(1.0 / each.size());
  }

  /** Logits of the clean text [B, C]. */
  public Variable cleanLogits() {
    return clean().logits;
  }

  /** Logits of the adversarial point [B, C]. */
  public Variable adversarialLogits() {
    return adversarial().logits;
  }

  /** The teacher's features of the clean text [B, H], constants. */
  public Variable teacherFeatures() {
    if (teacher == null) {
      teacher = NoGrad.call(() -> pooled(by().model, step.context().evaluating()));
    }
    return teacher;
  }

  private View clean() {
    if (clean == null) {
      clean = view(step.context(), pooled(parts.student, step.context()));
    }
    return clean;
  }

  private View adversarial() {
    if (adversarial == null) {
      adversarial = view(step.context(ADVERSARIAL), adversarial(ADVERSARIAL));
    }
    return adversarial;
  }

  private View view(Context context, Variable pooled) {
    return new View(pooled, parts.classify.apply(context, pooled));
  }

  private Variable clean(int pass) {
    return pooled(parts.student, step.context(pass));
  }

  private Variable pooled(SequenceClassifier model, Context context) {
    Variable words = model.encoder().embed(step.batch().tokens());
    Encoded encoded = model.encoder().encode(context, words, step.batch().tokens());
    return model.pooled(encoded, step.batch().focus());
  }

  private Variable adversarial(int pass) {
    if (weights == null) {
      throw new IllegalStateException("an adversarial term was asked for without a point");
    }
    Context context = step.context(pass);
    List<Variable> columns = hull.columns(parts.student.encoder(), context.named("hull"));
    Variable point = hull.point(Variable.constant(weights), columns, context);
    Encoded encoded = parts.student.encoder().layers(context, point, step.batch().tokens());
    return parts.student.pooled(encoded, step.batch().focus());
  }
}
