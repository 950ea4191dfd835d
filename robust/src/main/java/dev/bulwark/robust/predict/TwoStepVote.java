package dev.bulwark.robust.predict;

import dev.bulwark.robust.perturb.CandidateRule;
import dev.bulwark.robust.perturb.TokenMask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * RSMI's prediction (Moon et al., ACL 2023): the most salient tokens are masked and K0 noisy passes
 * vote; where they do not agree, K1 passes with tokens masked at random among the salient ones take
 * their place.
 *
 * @param model the noisy model
 * @param mask hides tokens
 * @param masks M, tokens masked in a row, 0 for none
 * @param first K0, at least 1
 * @param second K1, at least 1
 * @param vote puts passes together
 */
public record TwoStepVote(
    NoisyModel model, TokenMask mask, int masks, int first, int second, Vote vote) {
  /**
   * Predicts.
   *
   * @param texts rows of each, with their random numbers
   * @return of each, logits or a vote, see {@link Vote#result}
   */
  public double[][] predict(List<List<NoisyRow>> texts) {
    double[][][] passes = firstStep(masked(texts));
    double[][] results = new double[texts.size()][];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < passes.length; i++) {
      results[i] = vote.result(passes[i]);
      if (!vote.isDecisive(Vote.count(passes[i]))) {
        open.add(i);
      }
    }
    double[][][] again = secondStep(open.stream().map(texts::get).toList());
    for (int i = 0; i < again.length; i++) {
      results[open.get(i)] = vote.result(again[i]);
    }
    return results;
  }

  /**
   * Masks the M most salient tokens of each row.
   *
   * @param texts rows of each; the pass that looks for tokens draws as "saliency"
   * @return the same with the mask token at up to M places
   */
  public List<List<NoisyRow>> masked(List<List<NoisyRow>> texts) {
    int[][][] candidates = candidates(texts, "saliency");
    List<List<NoisyRow>> all = new ArrayList<>();
    for (int i = 0; i < candidates.length; i++) {
      List<NoisyRow> rows = new ArrayList<>();
      for (int r = 0; r < candidates[i].length; r++) {
        NoisyRow row = texts.get(i).get(r);
        int[] positions = CandidateRule.first(candidates[i][r], masks);
        rows.add(row.with(mask.on(row.row(), positions)));
      }
      all.add(rows);
    }
    return all;
  }

  /**
   * K0 noisy passes over the same rows.
   *
   * @param masked rows of each text; pass k draws as "first.k"
   * @return logits [texts][K0][C]
   */
  public double[][][] firstStep(List<List<NoisyRow>> masked) {
    return passes(masked, "first", first);
  }

  /**
   * Any number of noisy passes over the same rows, all in one batch.
   *
   * @param texts rows of each; pass k draws as "NAME.k"
   * @param name of the passes
   * @param count how many
   * @return logits [texts][count][C]
   */
  public double[][][] passes(List<List<NoisyRow>> texts, String name, int count) {
    List<List<NoisyRow>> copies = new ArrayList<>();
    for (List<NoisyRow> text : texts) {
      for (int k = 0; k < count; k++) {
        String pass = name + "." + k;
        copies.add(text.stream().map(row -> row.in(pass)).toList());
      }
    }
    return grouped(model.logits(copies), count);
  }

  /**
   * K1 noisy passes, each over rows with M tokens masked, drawn with replacement from the salient
   * ones; of a row with fewer than M of those, one token; of a row without, none.
   *
   * @param texts rows of each, unmasked; the pass that looks for tokens draws as "resaliency", the
   *     choice of tokens as "second.masks", pass k as "second.k"
   * @return logits [texts][K1][C]
   */
  public double[][][] secondStep(List<List<NoisyRow>> texts) {
    int[][][] candidates = candidates(texts, "resaliency");
    List<List<NoisyRow>> copies = new ArrayList<>();
    for (int i = 0; i < candidates.length; i++) {
      List<List<NoisyRow>> columns = new ArrayList<>();
      for (int r = 0; r < candidates[i].length; r++) {
        columns.add(randomlyMasked(texts.get(i).get(r), candidates[i][r]));
      }
      for (int k = 0; k < second; k++) {
        int pass = k;
        copies.add(columns.stream().map(column -> column.get(pass)).toList());
      }
    }
    return grouped(model.logits(copies), second);
  }

  /** K1 copies of a row, each with its own masks. */
  private List<NoisyRow> randomlyMasked(NoisyRow row, int[] candidates) {
    int each = candidates.length == 0 ? 0 : candidates.length < masks ? 1 : masks;
    int[] drawn =
        each == 0
            ? new int[0]
            : row.draws().below("second.masks", second * each, candidates.length);
    return IntStream.range(0, second)
        .mapToObj(k -> {
          int[] positions =
              IntStream.range(k * each, (k + 1) * each).map(d -> candidates[drawn[d]]).toArray();
          return row.in("second." + k).with(mask.on(row.row(), positions));
        })
        .toList();
  }

  /**
   * Salient tokens.
   *
   * @param texts rows of each
   * @param pass name of the pass, for its noise
   * @return of each row of each text, positions in falling saliency; none if nothing is masked
   */
  public int[][][] candidates(List<List<NoisyRow>> texts, String pass) {
    if (masks == 0) {
      return texts.stream().map(t -> new int[t.size()][0]).toArray(int[][][]::new);
    }
    return model.candidates(
        texts.stream().map(t -> t.stream().map(row -> row.in(pass)).toList()).toList(),
        CandidateRule.RSMI);
  }

  private static double[][][] grouped(double[][] logits, int count) {
    double[][][] groups = new double[logits.length / count][count][];
    for (int i = 0; i < logits.length; i++) {
      groups[i / count][i % count] = logits[i];
    }
    return groups;
  }
}
