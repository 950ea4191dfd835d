package dev.bulwark.robust.attack;

import dev.bulwark.robust.lexicon.SentenceEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Keeps candidates whose meaning stays close by a sentence encoder, and notes the similarity on
 * them.
 *
 * <p>A word's surroundings are compared, not the whole text, when a window is given. In texts that
 * have fewer words than the window, all of the text is compared with a threshold of its own.
 *
 * @param encoder embeds the texts
 * @param metric how two embeddings are compared
 * @param threshold smallest similarity allowed
 * @param window number of words around the changed one, or 0 for the whole text
 * @param extent whether window and word count run over both columns of a pair
 * @param reference the text compared with
 * @param shortThreshold as threshold, for texts shorter than the window; negative infinity passes
 *     them without asking the encoder
 */
public record SentenceSimilarity(
    SentenceEncoder encoder,
    Metric metric,
    double threshold,
    int window,
    Extent extent,
    Reference reference,
    double shortThreshold)
    implements Constraint {

  /** How two embeddings are compared. */
  public enum Metric {
    /** The cosine, in [-1, 1]. */
    COSINE,
    /** 1 - arccos(cosine) / pi, in [0, 1]. */
    ANGULAR;

    double of(float[] a, float[] b) {
      double cosine = cosine(a, b);
      return this == COSINE ? cosine : 1 - Math.acos(cosine) / Math.PI;
    }
  }

  /** The text that candidates are compared with. */
  public enum Reference {
    /** The unchanged text. */
    ORIGINAL,
    /** The text before the step. */
    PREVIOUS
  }

  @Override
  public Cost cost() {
    return Cost.NETWORK;
  }

  @Override
  public List<AttackedText> keep(List<AttackedText> candidates, AttackedText current) {
    SequencedSet<String> texts = new LinkedHashSet<>();
    for (AttackedText c : candidates) {
      if (limit(c) > Double.NEGATIVE_INFINITY) {
        texts.add(referenceText(c, current));
        texts.add(excerpt(c, c.firstFresh()));
      }
    }
    Map<String, float[]> embeddings = encode(new ArrayList<>(texts));
    List<AttackedText> kept = new ArrayList<>();
    for (AttackedText c : candidates) {
      float[] before = embeddings.get(referenceText(c, current));
      float[] after = embeddings.get(excerpt(c, c.firstFresh()));
      if (before == null || after == null) {
        kept.add(c);
        continue;
      }
      double similarity = metric.of(before, after);
      if (similarity >= limit(c)) {
        kept.add(c.withSimilarity(similarity));
      }
    }
    return kept;
  }

  private Map<String, float[]> encode(List<String> texts) {
    Map<String, float[]> embeddings = new HashMap<>();
    if (!texts.isEmpty()) {
      float[][] rows = encoder.encode(texts);
      for (int i = 0; i < rows.length; i++) {
        embeddings.put(texts.get(i), rows[i]);
      }
    }
    return embeddings;
  }

  private double limit(AttackedText candidate) {
    int index = candidate.firstFresh();
    boolean small = window > 0 && index >= 0 && candidate.size(index, extent) < window;
    return small ? shortThreshold : threshold;
  }

  private String referenceText(AttackedText candidate, AttackedText current) {
    int index = candidate.firstFresh();
    if (reference == Reference.PREVIOUS) {
      return excerpt(current, index);
    }
    return excerpt(candidate.original(), index < 0 ? index : candidate.origin(index));
  }

  private String excerpt(AttackedText text, int index) {
    return window == 0 || index < 0 ? text.text() : text.window(index, window, extent);
  }

  /** Cosine of two vectors of length 1, kept in [-1, 1] against rounding. */
  static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return Math.clamp(sum, -1, 1);
  }
}
