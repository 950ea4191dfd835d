package dev.bulwark.robust.prompt;

import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Truncation;
import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.InputRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts templates beside a text, one row for each: a prefix after the first special token, a suffix
 * before the last one. A text that is too long loses its end, the template never. The focus is the
 * template's own mask, whatever the text holds.
 */
public final class PromptEncoder implements InputEncoder {
  private static final EncodeOptions BARE = EncodeOptions.unlimited().withoutSpecialTokens();

  private final Tokenizer tokenizer;
  private final Family family;
  private final boolean releasedGpt;
  private final int maxLength;
  private final List<Prompt> prompts;
  private final int blanks;

  /** A template as tokens. */
  private record Prompt(boolean suffix, int[] ids, int mask) {}

  /**
   * An encoder.
   *
   * @param tokenizer the model's
   * @param templates at least one
   * @param maxLength longest row in tokens
   * @throws IllegalArgumentException if a template leaves no room for a text
   */
  public PromptEncoder(Tokenizer tokenizer, List<Template> templates, int maxLength) {
    this(tokenizer, templates, maxLength, Family.of(tokenizer), false);
  }

  /**
   * An encoder for a given family.
   *
   * @param tokenizer the model's
   * @param templates at least one
   * @param maxLength longest row in tokens
   * @param family of the model
   * @param released whether GPT rows are built as by MVP's released code, where a suffix takes the
   *     place of the text's last token, and a prefix that of the first, with special tokens at the
   *     ends
   * @throws IllegalArgumentException if a template leaves no room for a text
   */
  public PromptEncoder(
      Tokenizer tokenizer,
      List<Template> templates,
      int maxLength,
      Family family,
      boolean released) {
    this.tokenizer = tokenizer;
    this.family = family;
    this.releasedGpt = released && family == Family.GPT;
    this.maxLength = maxLength;
    int[] blank = family == Family.ROBERTA ? bare(" ") : new int[0];
    blanks = blank.length;
    prompts = templates.stream().map(t -> prompt(t, blank)).toList();
  }

  private Prompt prompt(Template template, int[] blank) {
    String mask = tokenizer.vocabulary().token(tokenizer.maskId());
    int[] body = bare(template.body().replace(Template.MASK, mask));
    int[] ids = Arrays.copyOf(blank, blank.length + body.length);
    System.arraycopy(body, 0, ids, blank.length, body.length);
    int[] masks = positions(ids, tokenizer.maskId());
    if (masks.length != 1) {
      throw new IllegalArgumentException(
          "the template '%s' holds %d masks for this tokenizer, whose own is '%s'; write %s once"
              .formatted(template.body(), masks.length, mask, Template.MASK));
    }
    if (ids.length + 3 > maxLength) {
      throw new IllegalArgumentException(
          "the template '%s' takes %d tokens, which leaves no room for a text in rows of %d; raise"
                  .formatted(template.body(), ids.length, maxLength)
              + " max-length or shorten it");
    }
    return new Prompt(template.suffix(), ids, masks[0]);
  }

  private int[] bare(String text) {
    return tokenizer.encode(text, null, BARE).ids();
  }

  private static int[] positions(int[] ids, int wanted) {
    return IntStream.range(0, ids.length).filter(i -> ids[i] == wanted).toArray();
  }

  @Override
  public List<InputRow> rows(String text, @Nullable String pair) {
    Encoding longest = encode(text, pair, maxLength);
    List<InputRow> rows = new ArrayList<>();
    for (Prompt p : prompts) {
      int room = maxLength - p.ids.length;
      rows.add(insert(longest.length() <= room ? longest : encode(text, pair, room), p));
    }
    return rows;
  }

  private Encoding encode(String text, @Nullable String pair, int length) {
    return tokenizer.encode(
        text, pair, new EncodeOptions(length, Truncation.LONGEST_FIRST, family.special()));
  }

  private InputRow insert(Encoding text, Prompt p) {
    int n = text.length();
    int ends = family.special() ? 1 : 0; // special tokens at either end
    int at = p.suffix ? n - ends : ends; // where the template goes
    int on = at; // where the text goes on behind it
    if (releasedGpt && n > 0) {
      at = p.suffix ? n - 1 : 1;
      on = p.suffix ? n : 1;
    }
    int[] ids = new int[n + p.ids.length - (on - at)];
    int[] types = new int[ids.length];
    int type = n == 0 ? 0 : text.typeId(p.suffix ? n - 1 : 0);
    for (int i = 0; i < ids.length; i++) {
      boolean inside = i >= at && i < at + p.ids.length;
      int source = i < at ? i : i - at - p.ids.length + on;
      ids[i] = inside ? p.ids[i - at] : text.id(source);
      types[i] = inside ? type : text.typeId(source);
    }
    if (releasedGpt && n > 0 && !p.suffix) {
      ids[0] = tokenizer.clsId();
      ids[ids.length - 1] = ids.length < maxLength ? ids[ids.length - 1] : tokenizer.sepId();
    }
    int mask = at + p.mask;
    return new InputRow(ids, types, family == Family.GPT ? Math.max(0, mask - 1) : mask);
  }

  @Override
  public int padId() {
    return tokenizer.padId();
  }

  /**
   * How wide MVP's released code pads the rows of a batch.
   *
   * @param texts the batch's texts
   * @return tokens of each row, at least those of the longest
   */
  public int releasedWidth(List<String> texts) {
    int longest = texts.stream().mapToInt(t -> encode(t, null, maxLength).length()).max().orElse(0);
    int extra = family.special() ? 1 : -1;
    int template = prompts.stream().mapToInt(p -> p.ids.length - blanks + extra).max().orElse(0);
    return Math.min(maxLength, longest + template);
  }
}
