package dev.bulwark.nn.text;

import java.util.Arrays;

/**
 * What BERT's normaliser and pre-tokenizer know about each code point.
 *
 * <p>The truth is what Hugging Face {@code tokenizers} 0.23.2 does, and its tables come from
 * several old versions of Unicode. The JDK's newer ones differ for some hundreds of code points,
 * and each JDK differs from the last. So nothing here asks the JDK: everything is read from {@code
 * bert-unicode.txt}, which a generator in the test tree made from Hugging Face's own output for
 * every code point.
 *
 * <p>A code point has an <em>entry</em>: {@code 0} for a plain character, otherwise flags in the
 * low byte and above them where its mappings start in a pool.
 */
final class BertUnicode {
  /** White space, the pre-tokenizer's and the normaliser's. */
  static final int BLANK = 1;

  /** NUL, U+FFFD, controls, format characters, private use: dropped when text is cleaned. */
  static final int DROP = 1 << 1;

  /** A non-spacing mark: dropped with the accents. */
  static final int MARK = 1 << 2;

  /** A word of its own. */
  static final int PUNCTUATION = 1 << 3;

  /** A Chinese character in BERT's sense, padded with blanks. */
  static final int IDEOGRAPH = 1 << 4;

  /** Has a canonical decomposition. */
  static final int DECOMPOSES = 1 << 5;

  /** Has another lower case. */
  static final int UPPER = 1 << 6;

  /**
   * Survives the dropping of accents, wholly or in part, and yet moves in canonical ordering. Rare:
   * musical symbols, viramas, marks too new for Hugging Face's list of marks.
   */
  static final int MOVES = 1 << 7;

  private static final int FLAG_BITS = 8;
  private static final int BLOCK_BITS = 7;
  private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;

  private static final int HANGUL_FIRST = 0xAC00;
  private static final int HANGUL_LAST = 0xD7A3;
  private static final int HANGUL_L = 0x1100;
  private static final int HANGUL_V = 0x1161;
  private static final int HANGUL_T = 0x11A7;
  private static final int HANGUL_V_COUNT = 21;
  private static final int HANGUL_T_COUNT = 28;

  private static final char[] BLOCKS; // [code point >> 7] block
  private static final int[] ENTRIES; // [block << 7 | low bits] entry
  private static final int[] POOL; // at an entry's place: count, lower case, count, decomposition
  private static final int[] COMBINING; // code points with a class, ascending
  private static final byte[] CLASSES; // [same] the class

  static {
    BertUnicodeFile file = BertUnicodeFile.read();
    int[] entries = file.entries(FLAG_BITS);
    BLOCKS = new char[entries.length >> BLOCK_BITS];
    ENTRIES = BertUnicodeFile.compress(entries, BLOCK_BITS, BLOCKS);
    POOL = file.pool();
    COMBINING = file.combining();
    CLASSES = file.classes();
  }

  private BertUnicode() {}

  /** The entry of a code point; surrogates have that of a plain character. */
  static int entry(int codePoint) {
    return ENTRIES[BLOCKS[codePoint >> BLOCK_BITS] << BLOCK_BITS | (codePoint & BLOCK_MASK)];
  }

  /** Where the lower case of an {@link #UPPER} entry starts: its length, then code points. */
  static int lower(int entry) {
    return entry >>> FLAG_BITS;
  }

  /** What {@link #lower} points at. */
  static int pool(int index) {
    return POOL[index];
  }

  /**
   * The canonical decomposition of a {@link #DECOMPOSES} code point.
   *
   * @param into receives it, at least 4 long
   * @return its length
   */
  static int decompose(int codePoint, int entry, int[] into) {
    if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
      int syllable = codePoint - HANGUL_FIRST;
      int tail = syllable % HANGUL_T_COUNT;
      into[0] = HANGUL_L + syllable / (HANGUL_V_COUNT * HANGUL_T_COUNT);
      into[1] = HANGUL_V + syllable / HANGUL_T_COUNT % HANGUL_V_COUNT;
      into[2] = HANGUL_T + tail;
      return tail == 0 ? 2 : 3;
    }
    int at = entry >>> FLAG_BITS;
    at += POOL[at] + 1;
    int length = POOL[at];
    System.arraycopy(POOL, at + 1, into, 0, length);
    return length;
  }

  /** The canonical combining class of a code point that does not decompose. */
  static int combiningClass(int codePoint) {
    int at = Arrays.binarySearch(COMBINING, codePoint);
    return at < 0 ? 0 : CLASSES[at] & 0xFF;
  }
}
