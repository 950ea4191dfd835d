package dev.bulwark.robust.attack;

import dev.bulwark.robust.predict.TextInput;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an attack did to one example. Arrays are not copied: treat them as read-only.
 *
 * @param index position of the example in the attacked list, from 0
 * @param status how it ended
 * @param original the unchanged input
 * @param perturbed the best input found: the adversarial one on success, the highest-scoring one on
 *     failure, the original when skipped
 * @param label the gold class
 * @param originalPrediction predicted class of the original
 * @param finalPrediction predicted class of the perturbed input
 * @param originalProbabilities class probabilities of the original, [classes]
 * @param finalProbabilities class probabilities of the perturbed input, [classes]
 * @param changes what differs, in word order; empty when skipped
 * @param words number of words of the original, over both columns
 * @param queries texts handed to the victim by the counting rules of {@link Budget}, at least 1
 * @param similarity cosine of the sentence embeddings of original and perturbed input; NaN when it
 *     was not measured (no encoder, or no success)
 */
@SuppressWarnings("ArrayRecordComponent") // equals below compares the arrays by value
public record Outcome(
    int index,
    Status status,
    TextInput original,
    TextInput perturbed,
    int label,
    int originalPrediction,
    int finalPrediction,
    float[] originalProbabilities,
    float[] finalProbabilities,
    List<WordChange> changes,
    int words,
    int queries,
    double similarity) {

  /** Freezes the list of changes. */
  public Outcome {
    changes = List.copyOf(changes);
  }

  /**
   * {@return share of the original words that were changed, in [0, 1]; 0 for a text without words}
   */
  public double changedShare() {
    return words == 0 ? 0 : (double) changes.size() / words;
  }

  /** Equality by value, arrays and NaN included, so that two runs can be compared. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Outcome o
        && index == o.index
        && status == o.status
        && original.equals(o.original)
        && perturbed.equals(o.perturbed)
        && label == o.label
        && originalPrediction == o.originalPrediction
        && finalPrediction == o.finalPrediction
        && Arrays.equals(originalProbabilities, o.originalProbabilities)
        && Arrays.equals(finalProbabilities, o.finalProbabilities)
        && changes.equals(o.changes)
        && words == o.words
        && queries == o.queries
        && Double.compare(similarity, o.similarity) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, status, perturbed, queries);
  }
}
