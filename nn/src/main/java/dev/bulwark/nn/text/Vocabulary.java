package dev.bulwark.nn.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens a model knows, numbered from 0 without holes; immutable. */
public final class Vocabulary {
  /** Most bytes of a vocabulary file; the largest public WordPiece vocabularies have 5 MB. */
  static final int MAX_BYTES = 64 << 20;

  /** Most tokens. */
  static final int MAX_TOKENS = 2_000_000;

  /** Most UTF-16 chars of a token. */
  static final int MAX_TOKEN_CHARS = 1_000;

  private final List<String> tokens;
  private final Map<String, Integer> ids;

  private Vocabulary(List<String> tokens, Map<String, Integer> ids) {
    this.tokens = tokens;
    this.ids = ids;
  }

  /**
   * A vocabulary of tokens in id order.
   *
   * @param tokens all tokens, each once
   * @return the vocabulary
   * @throws IllegalArgumentException if there is none, or one is empty, too long or there twice
   */
  public static Vocabulary of(List<String> tokens) {
    return of(tokens, "The vocabulary", 0);
  }

  /**
   * Reads {@code vocab.txt}: UTF-8, one token a line, the line number counted from 0 being the id.
   *
   * @param file the file
   * @return the vocabulary
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not such a file; the message names the line
   */
  public static Vocabulary read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /**
   * Reads a vocabulary in the form of {@code vocab.txt}.
   *
   * @param in the bytes; not closed
   * @param where what to call the source in messages
   * @return the vocabulary
   * @throws IOException if the stream cannot be read
   * @throws IllegalArgumentException if it is not such a file; the message names the line
   */
  public static Vocabulary read(InputStream in, String where) throws IOException {
    String text = utf8(in, MAX_BYTES, where);
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      int stop = end < 0 ? text.length() : end;
      if (stop > from && text.charAt(stop - 1) == '\r') {
        stop--;
      }
      lines.add(text.substring(from, stop));
      from = next;
    }
    return of(lines, where, 1);
  }

  /** A vocabulary of tokens in id order, {@code where} naming the source in messages. */
  static Vocabulary of(List<String> tokens, String where) {
    return of(tokens, where, 0);
  }

  /** Reads a bounded UTF-8 text and refuses what is not UTF-8. */
  static String utf8(InputStream in, int maxBytes, String where) throws IOException {
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new IllegalArgumentException(
          where + " is larger than " + maxBytes + " bytes, the most that is read.");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(where + " is not valid UTF-8; convert it first.", e);
    }
  }

  private static Vocabulary of(List<String> tokens, String where, int firstLine) {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(where + " has no tokens.");
    }
    if (tokens.size() > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "%s has %d tokens, more than the %d that are read."
              .formatted(where, tokens.size(), MAX_TOKENS));
    }
    List<String> copy = List.copyOf(tokens);
    Map<String, Integer> ids = HashMap.newHashMap(copy.size());
    for (int id = 0; id < copy.size(); id++) {
      String token = copy.get(id);
      String place = (firstLine == 0 ? ", id " : ", line ") + (id + firstLine);
      if (token.isEmpty()) {
        throw new IllegalArgumentException(where + place + ": the token is empty.");
      }
      if (token.length() > MAX_TOKEN_CHARS) {
        throw new IllegalArgumentException(
            "%s%s: the token has %d chars, more than the %d that are read."
                .formatted(where, place, token.length(), MAX_TOKEN_CHARS));
      }
      Integer before = ids.putIfAbsent(token, id);
      if (before != null) {
        throw new IllegalArgumentException(
            "%s%s: the token '%s' is there already with id %d."
                .formatted(where, place, token, before));
      }
    }
    return new Vocabulary(copy, ids);
  }

  /**
   * Number of tokens.
   *
   * @return one more than the largest id
   */
  public int size() {
    return tokens.size();
  }

  /**
   * Id of a token.
   *
   * @param token a whole token, {@code ##} included
   * @return its id, or empty if there is no such token
   */
  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * Token of an id.
   *
   * @param id 0 to {@code size() - 1}
   * @return the token
   * @throws IllegalArgumentException if there is no such id
   */
  public String token(int id) {
    if (id < 0 || id >= tokens.size()) {
      throw new IllegalArgumentException(
          "Token id " + id + " is not in a vocabulary of " + tokens.size() + " tokens.");
    }
    return tokens.get(id);
  }

  /**
   * All tokens in id order.
   *
   * @return an unmodifiable list
   */
  public List<String> tokens() {
    return tokens;
  }
}
