package dev.bulwark.robust.method;

import dev.bulwark.autograd.Variable;
import dev.bulwark.robust.objective.HullAttack;
import dev.bulwark.robust.objective.Objective;
import dev.bulwark.robust.objective.RiftTerms;
import dev.bulwark.robust.objective.RiftTerms.Name;
import dev.bulwark.robust.objective.Step;
import dev.bulwark.robust.perturb.HullSearch;
import dev.bulwark.robust.perturb.TokenSynonyms;
import dev.bulwark.robust.perturb.WordHull;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
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
    if (weights.entrySet().stream()
        .noneMatch(w -> w.getKey().isAdversarial() && w.getValue() != 0)) {
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
