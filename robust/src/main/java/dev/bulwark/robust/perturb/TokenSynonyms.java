package dev.bulwark.robust.perturb;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Synonyms of tokens that are whole words, as token ids: what a word can become without a change of
 * length (RIFT and ASCC, which read one token a word). Made once for a vocabulary.
 *
 * <p>A token has synonyms if it is a word of the source; those that are no single token of the
 * vocabulary are left out. Special tokens and continuations ("##ing") have none.
 */
public final class TokenSynonyms {
  private static final String CONTINUATION = "##";
  private static final int[] NONE = {};

  private final int[][] synonyms;
  private final boolean[] continues;
  private final boolean bothTexts;

  private TokenSynonyms(int[][] synonyms, boolean[] continues, boolean bothTexts) {
    this.synonyms = synonyms;
    this.continues = continues;
    this.bothTexts = bothTexts;
  }

  /**
   * The synonyms of all tokens.
   *
   * @param tokenizer the model's
   * @param words substitutes of words, the best first
   * @param most synonyms of a token, at least 0
   * @param bothTexts whether the first text of a pair has candidates too, or the second alone
   * @return the table
   */
  public static TokenSynonyms of(
      Tokenizer tokenizer, WordSubstitutions words, int most, boolean bothTexts) {
    Vocabulary vocabulary = tokenizer.vocabulary();
    int[][] synonyms = new int[vocabulary.size()][];
    boolean[] continues = new boolean[vocabulary.size()];
    for (int id = 0; id < synonyms.length; id++) {
      String token = vocabulary.token(id);
      continues[id] = token.startsWith(CONTINUATION);
      int self = id;
      synonyms[id] =
          words.of(token).stream()
              .map(Substitute::word)
              .map(vocabulary::id)
              .flatMapToInt(OptionalInt::stream)
              .filter(s -> s != self)
              .distinct()
              .limit(most)
              .toArray();
    }
    return new TokenSynonyms(synonyms, continues, bothTexts);
  }

  /**
   * Synonyms of one token, the best first.
   *
   * @param token its id
   * @return ids, without the token itself; empty if it has none or is outside the vocabulary
   */
  public int[] of(int token) {
    return token >= 0 && token < synonyms.length ? synonyms[token].clone() : NONE;
  }

  /**
   * What may stand at each position of a batch. Only whole words have more than one candidate: a
   * token that is followed by a continuation has not.
   *
   * @param batch B x S tokens
   * @return for each of the B * S positions, row by row, the token itself and then its synonyms
   */
  public int[][] candidates(TokenBatch batch) {
    int[][] all = new int[batch.ids().length][];
    for (int b = 0; b < batch.size(); b++) {
      int from = b * batch.length();
      int end = from + batch.length();
      boolean pair = IntStream.range(from, end).anyMatch(i -> batch.types()[i] != 0);
      for (int i = from; i < end; i++) {
        boolean free =
            batch.mask()[i] != 0
                && (bothTexts || !pair || batch.types()[i] != 0)
                && !(i + 1 < end && continues(batch.ids()[i + 1]));
        int[] others = free ? of(batch.ids()[i]) : NONE;
        all[i] = new int[1 + others.length];
        all[i][0] = batch.ids()[i];
        System.arraycopy(others, 0, all[i], 1, others.length);
      }
    }
    return all;
  }

  private boolean continues(int token) {
    return token >= 0 && token < continues.length && continues[token];
  }
}
