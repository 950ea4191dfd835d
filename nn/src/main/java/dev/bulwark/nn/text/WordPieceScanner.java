package dev.bulwark.nn.text;

import java.util.Arrays;

/**
 * One pass over one text: normalises it code point by code point, collects words, and cuts each
 * into pieces. Holds the state of the pass, so one serves one text in one thread.
 *
 * <p>The steps of {@code BertNormalizer}, {@code BertPreTokenizer} and {@code WordPiece} are fused:
 * no normalised text is ever built, only the current word, with the source range of each char.
 */
final class WordPieceScanner implements CanonicalOrder.Sink {
  private static final int REPLACEMENT = 0xFFFD;

  private final WordSplitter model;
  private final boolean clean;
  private final boolean chinese;
  private final boolean strip;
  private final boolean lower;
  private final TokenRow row;
  private final int enough;
  private final int[] parts = new int[4];

  private char[] word = new char[64];
  private int[] from = new int[64];
  private int[] to = new int[64];
  private int length;
  private int codePoints;
  private int wordEnd;
  private int words;
  private boolean outOfOrder;

  private WordPieceScanner(WordSplitter model, WordPieceOptions options, TokenRow row, int enough) {
    this.model = model;
    clean = options.cleanText();
    chinese = options.handleChineseChars();
    strip = options.stripsAccents();
    lower = options.lowercase();
    this.row = row;
    this.enough = enough;
  }

  /**
   * Tokenizes a text.
   *
   * @param enough how many tokens the caller will look at; the pass may stop after that many
   */
  static TokenRow scan(
      String text, WordSplitter model, AddedTokens added, WordPieceOptions options, int enough) {
    TokenRow row = new TokenRow(Math.min(text.length() / 4 + 8, 1 << 12));
    WordPieceScanner scanner = new WordPieceScanner(model, options, row, enough);
    int done = 0;
    for (AddedTokens.Match match = added.next(text, 0);
        match != null && row.size() < enough;
        match = added.next(text, done)) {
      scanner.stretch(text, done, match.from());
      row.add(match.token().id(), match.from(), match.to(), scanner.words++);
      done = match.to();
    }
    scanner.stretch(text, done, text.length());
    return row;
  }

  /** Text between added tokens. What is on either side never influences it. */
  private void stretch(String text, int start, int end) {
    int size = row.size();
    int wordsBefore = words;
    outOfOrder = false;
    for (int i = start; i < end && row.size() < enough; ) {
      int c = text.charAt(i);
      int next = i + 1;
      if (Character.isSurrogate((char) c)) {
        c = text.codePointAt(i);
        next = i + Character.charCount(c);
        c = next - i == 1 ? REPLACEMENT : c;
      }
      int entry = BertUnicode.entry(c);
      if (entry == 0) {
        append(c, i, next);
      } else {
        normalise(c, entry, i, next);
        if (outOfOrder) {
          row.cut(size);
          words = wordsBefore;
          length = 0;
          codePoints = 0;
          reorder(text, start, end);
          break;
        }
      }
      i = next;
    }
    flush();
  }

  /** Takes a code point through all steps; its canonical order is known not to matter. */
  private void normalise(int c, int entry, int start, int end) {
    if (clean && (entry & (BertUnicode.DROP | BertUnicode.BLANK)) != 0) {
      if ((entry & BertUnicode.DROP) == 0) {
        flush();
      }
    } else if (!strip) {
      boolean padded = chinese && (entry & BertUnicode.IDEOGRAPH) != 0;
      if (padded) {
        flush();
      }
      fold(c, entry, start, end);
      if (padded) {
        flush();
      }
    } else if ((entry & BertUnicode.MOVES) != 0) {
      outOfOrder = true;
    } else {
      stripAndFold(c, entry, start, end);
    }
  }

  private void stripAndFold(int c, int entry, int start, int end) {
    boolean padded = chinese && (entry & BertUnicode.IDEOGRAPH) != 0;
    if (padded) {
      flush();
    }
    if ((entry & BertUnicode.DECOMPOSES) == 0) {
      accept(c, start, end);
    } else {
      int count = BertUnicode.decompose(c, entry, parts);
      for (int i = 0; i < count; i++) {
        accept(parts[i], start, end);
      }
    }
    if (padded) {
      flush();
    }
  }

  /** The slow way for a stretch in which canonical order shows. */
  private void reorder(String text, int start, int end) {
    CanonicalOrder order = new CanonicalOrder();
    for (int i = start; i < end; ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      c = Character.isBmpCodePoint(c) && Character.isSurrogate((char) c) ? REPLACEMENT : c;
      int entry = BertUnicode.entry(c);
      if (!clean || (entry & BertUnicode.DROP) == 0) {
        boolean blank = clean && (entry & BertUnicode.BLANK) != 0;
        boolean padded = chinese && (entry & BertUnicode.IDEOGRAPH) != 0;
        if (blank || padded) {
          // No mark moves over either, so what is before them can go.
          order.drain(this);
          flush();
        }
        if (!blank) {
          order.add(c, entry, i, next);
        }
        if (padded) {
          order.drain(this);
          flush();
        }
      }
      i = next;
    }
    order.drain(this);
  }

  /** Takes a decomposed code point through the steps after decomposition. */
  @Override
  public void accept(int c, int start, int end) {
    int entry = BertUnicode.entry(c);
    if ((entry & BertUnicode.MARK) == 0) {
      fold(c, entry, start, end);
    }
  }

  private void fold(int c, int entry, int start, int end) {
    if (!lower || (entry & BertUnicode.UPPER) == 0) {
      place(c, entry, start, end);
      return;
    }
    int at = BertUnicode.lower(entry);
    int count = BertUnicode.pool(at);
    for (int i = 1; i <= count; i++) {
      int small = BertUnicode.pool(at + i);
      place(small, BertUnicode.entry(small), start, end);
    }
  }

  /** Takes a normalised code point: part of a word, a word, or the end of one. */
  private void place(int c, int entry, int start, int end) {
    if ((entry & (BertUnicode.BLANK | BertUnicode.PUNCTUATION)) == 0) {
      append(c, start, end);
      return;
    }
    flush();
    if ((entry & BertUnicode.PUNCTUATION) != 0) {
      append(c, start, end);
      flush();
    }
  }

  private void append(int c, int start, int end) {
    codePoints++;
    wordEnd = end;
    if (codePoints > model.maxCharsPerWord()) {
      return; // too long to be cut into pieces: only its end counts
    }
    if (length + 2 > word.length) {
      int room = 2 * word.length;
      word = Arrays.copyOf(word, room);
      from = Arrays.copyOf(from, room);
      to = Arrays.copyOf(to, room);
    }
    if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      word[length] = (char) c;
      from[length] = start;
      to[length++] = end;
    } else {
      word[length] = Character.highSurrogate(c);
      word[length + 1] = Character.lowSurrogate(c);
      from[length] = start;
      from[length + 1] = start;
      to[length] = end;
      to[length + 1] = end;
      length += 2;
    }
  }

  /** Ends the word, if there is one. */
  private void flush() {
    if (length == 0) {
      return;
    }
    if (codePoints > model.maxCharsPerWord() || !model.split(word, length, from, to, words, row)) {
      row.add(model.unknownId(), from[0], wordEnd, words);
    }
    words++;
    length = 0;
    codePoints = 0;
  }
}
