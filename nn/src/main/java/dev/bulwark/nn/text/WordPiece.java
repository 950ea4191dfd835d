package dev.bulwark.nn.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of BERT, ELECTRA and their kin, equal to Hugging Face {@code tokenizers} 0.23.2.
 *
 * <p>Special tokens in the text ({@code [MASK]}, {@code [SEP]} and so on, exactly so written)
 * become those tokens. The text between them is cleaned of controls, Chinese characters are set
 * apart, accents are dropped, letters made small ({@code BertNormalizer}); it is cut at white space
 * and around punctuation ({@code BertPreTokenizer}); each word is cut into the longest pieces the
 * vocabulary has ({@code WordPiece}); and {@code [CLS]} and {@code [SEP]} are put around ({@code
 * BertProcessing}). A lone surrogate counts as U+FFFD, which cleaning drops.
 *
 * <p>Time is linear in the length of the text, and of a single text what the length limit cuts off
 * is not looked at.
 */
public final class WordPiece implements Tokenizer {
  private static final int SPECIALS_OF_ONE = 2;
  private static final int SPECIALS_OF_PAIR = 3;

  private final Vocabulary vocabulary;
  private final WordPieceOptions options;
  private final AddedTokens added;
  private final Set<Integer> special;
  private final Set<Integer> outsideModel;
  private final WordPieceModel model;
  private final int padId;
  private final int maskId;
  private final int clsId;
  private final int sepId;

  /**
   * A tokenizer.
   *
   * @param vocabulary all tokens
   * @param options treatment of text
   * @param addedTokens what is recognised in raw text, the special tokens among them
   * @param outsideModel ids of added tokens that words are not cut into
   * @param where what to call the source in messages
   */
  WordPiece(
      Vocabulary vocabulary,
      WordPieceOptions options,
      List<AddedToken> addedTokens,
      Set<Integer> outsideModel,
      String where) {
    this.vocabulary = vocabulary;
    this.options = options;
    this.outsideModel = Set.copyOf(outsideModel);
    padId = require(options.padToken(), "padding", where);
    maskId = require(options.maskToken(), "mask", where);
    clsId = require(options.clsToken(), "start", where);
    sepId = require(options.sepToken(), "separator", where);
    int unknownId = require(options.unknownToken(), "unknown", where);
    added = new AddedTokens(addedTokens);
    special =
        addedTokens.stream()
            .filter(AddedToken::special)
            .map(AddedToken::id)
            .collect(Collectors.toUnmodifiableSet());
    Map<String, Integer> pieces = HashMap.newHashMap(vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      if (!outsideModel.contains(id)) {
        pieces.put(vocabulary.token(id), id);
      }
    }
    model =
        new WordPieceModel(
            pieces, options.continuingPrefix(), unknownId, options.maxInputCharsPerWord());
  }

  /**
   * A tokenizer whose added tokens are the five special ones.
   *
   * @param vocabulary all tokens
   * @param options treatment of text, and the names of the special tokens
   * @return the tokenizer
   * @throws IllegalArgumentException if a special token is not in the vocabulary
   */
  public static WordPiece of(Vocabulary vocabulary, WordPieceOptions options) {
    return of(vocabulary, options, "The vocabulary");
  }

  static WordPiece of(Vocabulary vocabulary, WordPieceOptions options, String where) {
    List<AddedToken> added = new ArrayList<>();
    for (String token : options.specialTokens()) {
      vocabulary.id(token).ifPresent(id -> added.add(AddedToken.special(token, id)));
    }
    return new WordPiece(vocabulary, options, added, Set.of(), where);
  }

  private int require(String token, String role, String where) {
    return vocabulary
        .id(token)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s lacks the %s token '%s'; add it or name another one in the options."
                    .formatted(where, role, token)));
  }

  @Override
  public Encoding encode(String text, @Nullable String pair, EncodeOptions how) {
    int specials = !how.addSpecialTokens() ? 0 : pair == null ? SPECIALS_OF_ONE : SPECIALS_OF_PAIR;
    boolean cuts = how.truncation() != Truncation.DO_NOT_TRUNCATE;
    int budget = cuts ? how.maxLength() - specials : Integer.MAX_VALUE;
    if (budget < 0) {
      throw new IllegalArgumentException(
          "Truncation error: a limit of %d tokens has no room for the %d special tokens."
              .formatted(how.maxLength(), specials));
    }
    int enough = how.truncation().enough(how.maxLength(), budget);
    TokenRow first = WordPieceScanner.scan(text, model, added, options, enough);
    TokenRow second =
        pair == null ? null : WordPieceScanner.scan(pair, model, added, options, enough);
    int secondSize = second == null ? 0 : second.size();
    Truncation.Kept kept =
        how.truncation().keep(first.size(), secondSize, second != null, how.maxLength(), budget);
    EncodingColumns columns = new EncodingColumns(kept.first() + kept.second() + specials);
    if (specials > 0) {
      columns.special(clsId, 0);
    }
    columns.text(first, kept.first(), 0);
    if (specials > 0) {
      columns.special(sepId, 0);
    }
    if (second != null) {
      columns.text(second, kept.second(), 1);
      if (specials > 0) {
        columns.special(sepId, 1);
      }
    }
    return columns.encoding();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecial) {
    StringBuilder text = new StringBuilder();
    String prefix = options.continuingPrefix();
    boolean first = true;
    for (int id : ids) {
      String token = vocabulary.token(id);
      if (skipSpecial && special.contains(id)) {
        continue;
      }
      if (!first) {
        token = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
      }
      first = false;
      text.append(tidy(token));
    }
    return text.toString();
  }

  /** Hugging Face's clean-up of English spacing, which it applies token by token. */
  private static String tidy(String token) {
    return token
        .replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }

  @Override
  public void save(Path folder) throws IOException {
    TokenizerWriter.write(this, folder);
  }

  /**
   * How this tokenizer treats text.
   *
   * @return its options
   */
  public WordPieceOptions options() {
    return options;
  }

  /** What is recognised in raw text. */
  List<AddedToken> addedTokens() {
    return added.tokens();
  }

  /** Whether words may be cut into this token. */
  boolean inModel(int id) {
    return !outsideModel.contains(id);
  }

  @Override
  public int padId() {
    return padId;
  }

  @Override
  public int maskId() {
    return maskId;
  }

  @Override
  public int unknownId() {
    return model.unknownId();
  }

  @Override
  public int clsId() {
    return clsId;
  }

  @Override
  public int sepId() {
    return sepId;
  }
}
