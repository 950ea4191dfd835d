package dev.bulwark.nn.text;

/**
 * Texts nobody would write: scripts, marks, emoji parts, controls and special tokens thrown
 * together by a generator small enough to be the same in any language (Knuth's 64-bit LCG, upper 31
 * bits).
 */
final class RandomTexts {
  private static final int[] ODD = {
    0, 9, 10, 13, 0x7f, 0x85, 0xa0, 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2028, 0x2060,
    0xfeff, 0xfffd, 0xfe0f, 0x1f600, 0x1f468, 0x1f1e9, 0x1f3fd, 0x130, 0x131, 0x3a3, 0x1e9e, 0x344,
    0x387, 0x37e, 0x1fef, 0x212a, 0x2126, 0x2000, 0xfb01, 0x3000, 0xff01
  };
  private static final String[] WORDS = {
    "the ",
    "unaffable",
    "[MASK]",
    "[SEP]",
    "[CLS] ",
    "[mask]",
    "[UNK]",
    "don't",
    "hello world ",
    "antidisestablishmentarianism",
    "[",
    "[PAD]"
  };

  private long state;

  RandomTexts(long seed) {
    state = seed;
  }

  /** A number from 0 to {@code bound - 1}. */
  int next(int bound) {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) ((state >>> 33) % bound);
  }

  /** A text of 1 to 24 parts. */
  String text() {
    int parts = 1 + next(24);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      int kind = next(18);
      switch (kind) {
        case 0, 1, 2, 3 -> text.append((char) (0x20 + next(95)));
        case 4 -> text.append((char) (0xa0 + next(0x200)));
        case 5 -> text.append((char) (0x300 + next(0x70)));
        case 6 -> text.appendCodePoint(ODD[next(ODD.length)]);
        case 7 -> text.append((char) (0x590 + next(0x170)));
        case 8 -> text.append((char) (0x4e00 + next(0x5200)));
        case 9 -> text.append((char) (0xac00 + next(11172)));
        case 10 -> text.append((char) (0x370 + next(0x1c0)));
        case 11 -> {
          char c = (char) next(0x10000);
          text.append(Character.isSurrogate(c) ? '\ufffd' : c);
        }
        case 12 -> text.appendCodePoint(0x10000 + next(0x20000));
        case 13 -> text.appendCodePoint(0x1d158 + next(0x20));
        case 14 -> text.append((char) (0x8d0 + next(0x60)));
        case 15 -> text.append((char) (0x1e00 + next(0x200)));
        default -> text.append(WORDS[next(WORDS.length)]);
      }
    }
    return text.toString();
  }
}
