package dev.bulwark.nn.text;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's way to write bytes as visible characters, so that a vocabulary of byte strings is a text
 * file: bytes that Latin-1 shows stand for themselves, the others are the characters from U+0100
 * on, in order. A blank is {@code \u0120}.
 */
final class ByteAlphabet {
  static final int BYTES = 256;
  private static final char[] CHARS = new char[BYTES];
  private static final byte[] BACK = new byte[2 * BYTES]; // by char
  private static final boolean[] KNOWN = new boolean[2 * BYTES];

  static {
    char next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      boolean shown = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      CHARS[b] = shown ? (char) b : next++;
      BACK[CHARS[b]] = (byte) b;
      KNOWN[CHARS[b]] = true;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte, 0 to 255. */
  static char of(int unsignedByte) {
    return CHARS[unsignedByte];
  }

  /** Whether a token is written in this alphabet. */
  static boolean spells(String token) {
    return token.chars().allMatch(c -> c < KNOWN.length && KNOWN[c]);
  }

  /** The text that characters of this alphabet stand for; broken UTF-8 becomes U+FFFD. */
  static String decode(CharSequence written) {
    byte[] bytes = new byte[written.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = BACK[written.charAt(i)];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
