package dev.bulwark.robust.perturb;

import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Elementwise;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.autograd.op.Normalisation;
import dev.bulwark.nn.Context;
import dev.bulwark.nn.encoder.Encoder;
import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The convex hull of each word and its synonyms (ASCC, Dong et al., ICLR 2021). A position has K
 * slots: the word itself in slot 0, then synonyms; a mask says which slots are taken. A point of
 * the hull is a weight for each slot, the softmax of free numbers.
 *
 * <p>The hull is taken after the embedding block: each slot's column of tokens runs through it as a
 * sentence of its own, so that positions and normalisation lie inside, and the weights mix what
 * comes out.
 */
public final class WordHull {
  private static final double CLOSED = 500; // how far the softmax keeps empty slots away, in nats

  private final TokenBatch tokens;
  private final int slots;
  private final int[] ids;
  private final int[] mask;

  /**
   * A hull.
   *
   * @param tokens the batch, B x S tokens
   * @param slots K, at least 1
   * @param ids candidates [B, S, K], any valid id in empty slots
   * @param mask 1 for slots that are taken, else 0 [B, S, K]
   * @throws IllegalArgumentException if the sizes do not agree
   */
  public WordHull(TokenBatch tokens, int slots, int[] ids, int[] mask) {
    int size = tokens.ids().length * slots;
    if (slots < 1 || ids.length != size || mask.length != size) {
      throw new IllegalArgumentException(
          "%d slots at each of %d tokens got %d candidates and a mask of %d"
              .formatted(slots, tokens.ids().length, ids.length, mask.length));
    }
    this.tokens = tokens;
    this.slots = slots;
    this.ids = ids.clone();
    this.mask = mask.clone();
  }

  /**
   * The hull of a batch's candidates.
   *
   * @param tokens the batch
   * @param candidates what may stand at each of the B * S positions, the token itself first
   * @param slots K; candidates beyond are left out
   * @return the hull; empty slots hold the token itself
   */
  public static WordHull of(TokenBatch tokens, int[][] candidates, int slots) {
    int[] ids = new int[candidates.length * slots];
    int[] mask = new int[ids.length];
    for (int i = 0; i < candidates.length; i++) {
      int taken = Math.min(slots, candidates[i].length);
      Arrays.fill(ids, i * slots, (i + 1) * slots, candidates[i][0]);
      System.arraycopy(candidates[i], 0, ids, i * slots, taken);
      Arrays.fill(mask, i * slots, i * slots + taken, 1);
    }
    return new WordHull(tokens, slots, ids, mask);
  }

  /** The batch. */
  public TokenBatch tokens() {
    return tokens;
  }

  /** Shape of the weights, [B, S, K]. */
  public Shape shape() {
    return Shape.of(tokens.size(), tokens.length(), slots);
  }

  /** Whether any position has a choice. */
  public boolean hasChoice() {
    return used() > 1;
  }

  /** Slots up to the last that any position takes. */
  private int used() {
    return 1
        + IntStream.range(0, mask.length)
            .filter(i -> mask[i] != 0)
            .map(i -> i % slots)
            .max()
            .orElse(0);
  }

  /** The mask as a tensor [B, S, K]. */
  public Tensor mask(DType dtype) {
    return Tensor.of(shape(), mask).cast(dtype);
  }

  /**
   * What the softmax is taken of: the free numbers, and -500 in empty slots.
   *
   * @param free any numbers [..., K]
   * @param mask 1 for slots that are taken, else 0 [..., K]
   * @return [..., K]
   */
  public static Variable logits(Variable free, Tensor mask) {
    Tensor closed = mask.plus(Tensor.scalar(-1, mask.dtype())).times(CLOSED);
    return free.times(Variable.constant(mask)).plus(Variable.constant(closed));
  }

  /**
   * The weights of the slots.
   *
   * @param logits of {@link #logits}
   * @return numbers that add up to 1 along the last axis
   */
  public static Variable weights(Variable logits) {
    return Normalisation.softmax(logits, -1);
  }

  /**
   * How undecided the weights are: 0 where one slot has all of it.
   *
   * @param logits of {@link #logits}, [..., K]
   * @return in nats, [...]
   */
  public static Variable entropy(Variable logits) {
    Variable log = Normalisation.logSoftmax(logits, -1);
    return Elementwise.exp(log).times(log).sum(-1).times(-1);
  }

  /**
   * What the embedding block makes of each slot's column of tokens. Slots that no position takes
   * are left out.
   *
   * @param encoder the model's
   * @param context training or inference
   * @return up to K columns [T, H]
   */
  public List<Variable> columns(Encoder encoder, Context context) {
    List<Variable> columns = new ArrayList<>();
    for (int k = 0; k < used(); k++) {
      int slot = k;
      int[] column =
          IntStream.range(0, tokens.ids().length).map(i -> ids[i * slots + slot]).toArray();
      TokenBatch batch =
          new TokenBatch(tokens.size(), tokens.length(), column, tokens.types(), tokens.mask());
      columns.add(encoder.embeddings(context.named("slot." + k), encoder.embed(batch), batch));
    }
    return columns;
  }

  /**
   * The point of the hull at some weights.
   *
   * @param weights [B, S, K]
   * @param columns of {@link #columns}
   * @param context says whether padding is computed, as for the columns
   * @return [T, H], in place of the embedding block's output
   */
  public Variable point(Variable weights, List<Variable> columns, Context context) {
    Variable rows = weights.reshape(tokens.ids().length, slots);
    if (context.padding().packed() && tokens.hasPadding()) {
      int[] real =
          IntStream.range(0, tokens.mask().length).filter(i -> tokens.mask()[i] != 0).toArray();
      rows = Indexing.gatherRows(rows, Tensor.of(Shape.of(real.length), real));
    }
    return mix(rows, columns);
  }

  /**
   * Weighted sum of columns.
   *
   * @param weights [T, K]
   * @param columns up to K tensors [T, H]
   * @return [T, H]
   */
  public static Variable mix(Variable weights, List<Variable> columns) {
    Variable sum = weights.slice(1, 0, 1).times(columns.getFirst());
    for (int k = 1; k < columns.size(); k++) {
      sum = sum.plus(weights.slice(1, k, k + 1).times(columns.get(k)));
    }
    return sum;
  }

  /**
   * The text nearest to a point: the candidate of largest weight at each position.
   *
   * @param weights [B, S, K]
   * @return token ids [B, S]
   */
  public int[] text(Tensor weights) {
    int[] best = Tensors.argMax(weights).toInts();
    return IntStream.range(0, best.length).map(i -> ids[i * slots + best[i]]).toArray();
  }
}
