package dev.bulwark.nn.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of RoBERTa: GPT-2's byte-level byte-pair encoding (Radford et al. 2019) with
 * RoBERTa's special tokens.
 *
 * <p>Special tokens in the text, exactly so written, become those tokens; {@code <mask>} takes the
 * white space on its left along. The text between them is cut as GPT-2 does, into contractions,
 * words, numbers and other signs, each with a blank before it; the UTF-8 bytes of each are joined
 * by {@link BpeModel}. No blank is put before the text. Around are {@code <s>} and {@code </s>},
 * {@code </s></s>} between the texts of a pair, all of segment 0.
 *
 * <p>Read are folders with {@code vocab.json} and {@code merges.txt} whose vocabulary has the five
 * special tokens of RoBERTa and every byte; not read are such tokenizers as a {@code
 * tokenizer.json}, other special tokens, and normalisation. What is a letter or a number is what
 * the JDK's Unicode says.
 */
public final class ByteLevelBpe implements Tokenizer {
  private static final int SPECIALS_OF_ONE = 2;
  private static final int SPECIALS_OF_PAIR = 4;
  private static final Pattern WORDS =
      Pattern.compile(
          "'(?:s|t|re|ve|m|ll|d)"
              + "| ?\\p{L}+"
              + "| ?\\p{N}+"
              + "| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]+"
              + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})"
              + "|\\p{IsWhite_Space}+");

  private static final Pattern LONE = Pattern.compile("\\p{Cs}");

  private final Vocabulary vocabulary;
  private final BpeModel model;
  private final AddedTokens added;
  private final Set<Integer> special;
  private final int clsId;
  private final int padId;
  private final int sepId;
  private final int unknownId;
  private final int maskId;

  private ByteLevelBpe(Vocabulary vocabulary, BpeModel model, String where) {
    this.vocabulary = vocabulary;
    this.model = model;
    clsId = require("<s>", where);
    padId = require("<pad>", where);
    sepId = require("</s>", where);
    unknownId = require("<unk>", where);
    maskId = require("<mask>", where);
    List<AddedToken> tokens = new ArrayList<>();
    for (int id : new int[] {clsId, padId, sepId, unknownId}) {
      tokens.add(AddedToken.special(vocabulary.token(id), id));
    }
    tokens.add(new AddedToken(vocabulary.token(maskId), maskId, false, true, false, true));
    added = new AddedTokens(tokens);
    special = tokens.stream().map(AddedToken::id).collect(Collectors.toUnmodifiableSet());
  }

  private int require(String token, String where) {
    return vocabulary
        .id(token)
        .orElseThrow(() ->
            new IllegalArgumentException(
                where + " lacks the special token '" + token + "' of RoBERTa's vocabularies."));
  }

  /**
   * Reads a folder.
   *
   * @param folder with {@code vocab.json} and {@code merges.txt}
   * @return the tokenizer
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a file is damaged or the two do not belong together
   */
  public static ByteLevelBpe read(Path folder) throws IOException {
    Path vocab = folder.resolve(BpeFiles.VOCABULARY);
    Path merges = folder.resolve(BpeFiles.MERGES);
    Vocabulary vocabulary = BpeFiles.vocabulary(vocab);
    BpeModel model = new BpeModel(vocabulary, BpeFiles.merges(merges), merges.toString());
    return new ByteLevelBpe(vocabulary, model, vocab.toString());
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
    TokenRow first = scan(wellFormed(text));
    TokenRow second = pair == null ? null : scan(wellFormed(pair));
    int secondSize = second == null ? 0 : second.size();
    Truncation.Kept kept =
        how.truncation().keep(first.size(), secondSize, second != null, how.maxLength(), budget);
    EncodingColumns columns = new EncodingColumns(kept.first() + kept.second() + specials);
    boolean around = specials > 0;
    special(columns, around, clsId);
    columns.text(first, kept.first(), 0);
    special(columns, around, sepId);
    if (second != null) {
      special(columns, around, sepId);
      columns.text(second, kept.second(), 0);
      special(columns, around, sepId);
    }
    return columns.encoding();
  }

  private static void special(EncodingColumns columns, boolean wanted, int id) {
    if (wanted) {
      columns.special(id, 0);
    }
  }

  /** The text with U+FFFD for lone surrogates. */
  private static String wellFormed(String text) {
    return LONE.matcher(text).replaceAll("\uFFFD");
  }

  private TokenRow scan(String text) {
    TokenRow row = new TokenRow(text.length() / 3);
    int word = 0;
    int from = 0;
    for (AddedTokens.Match m = added.next(text, 0); m != null; m = added.next(text, from)) {
      word = words(text, from, m.from(), word, row);
      row.add(m.token().id(), m.from(), m.to(), word++);
      from = m.to();
    }
    words(text, from, text.length(), word, row);
    return row;
  }

  private int words(String text, int from, int to, int number, TokenRow row) {
    Matcher words = WORDS.matcher(text).region(from, to);
    int word = number;
    while (words.find()) {
      int n = word++;
      int start = words.start();
      String source = words.group();
      byte[] utf8 = source.getBytes(StandardCharsets.UTF_8);
      int[] charOf = charOfByte(source, utf8.length);
      model.split(
          utf8,
          (id, a, b) -> {
            int last = charOf[b - 1];
            int end = last + Character.charCount(source.codePointAt(last));
            row.add(id, start + charOf[a], start + end, n);
          });
    }
    return word;
  }

  /** Where in a text the character of each of its UTF-8 bytes starts. */
  private static int[] charOfByte(String text, int bytes) {
    int[] chars = new int[bytes];
    int b = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      int count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      for (int k = 0; k < count; k++) {
        chars[b++] = i;
      }
    }
    return chars;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecial) {
    StringBuilder text = new StringBuilder();
    StringBuilder bytes = new StringBuilder();
    for (int id : ids) {
      String token = vocabulary.token(id);
      if (!special.contains(id) && ByteAlphabet.spells(token)) {
        bytes.append(token);
      } else {
        text.append(ByteAlphabet.decode(bytes)).append(skipSpecial ? "" : token);
        bytes.setLength(0);
      }
    }
    return text.append(ByteAlphabet.decode(bytes)).toString();
  }

  @Override
  public void save(Path folder) throws IOException {
    BpeFiles.write(folder, vocabulary, model.lines(vocabulary));
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
    return unknownId;
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
