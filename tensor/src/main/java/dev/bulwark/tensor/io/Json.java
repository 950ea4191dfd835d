package dev.bulwark.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (RFC 8259) for files that strangers wrote: no duplicate keys, no comments, nothing
 * after the value, at most 64 levels, valid UTF-8.
 *
 * <p>Objects are {@link java.util.LinkedHashMap}s, arrays {@link List}s, whole numbers that fit
 * {@link Long}, other numbers {@link Double}; then {@link String}, {@link Boolean} and null.
 */
public final class Json {
  /** Deepest nesting of arrays and objects. */
  public static final int MAX_DEPTH = 64;

  private Json() {}

  /**
   * Reads one value.
   *
   * @param text the whole text
   * @return the value
   * @throws JsonException if the text is not strict JSON
   */
  public static @Nullable Object parse(String text) {
    return new JsonParser(text).parse();
  }

  /**
   * Reads one value from UTF-8.
   *
   * @param utf8 the whole text; no byte-order mark
   * @return the value
   * @throws JsonException if the bytes are not valid UTF-8 or not strict JSON
   */
  public static @Nullable Object parse(byte[] utf8) {
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("text is not valid UTF-8");
    }
  }

  /**
   * Reads one object from a file.
   *
   * @param file a UTF-8 file
   * @param maxBytes greatest size to accept
   * @return the object
   * @throws TensorFileException if the file is too large or not a JSON object
   * @throws IOException if it cannot be read
   */
  public static Map<String, @Nullable Object> read(Path file, int maxBytes) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new TensorFileException(
            file,
            null,
            "has more than " + maxBytes + " bytes",
            "this is not the file it should be");
      }
    }
    try {
      return object(parse(bytes));
    } catch (JsonException e) {
      throw new TensorFileException(
          file, null, "is not a JSON object: " + e.getMessage(), "correct it or fetch it again", e);
    }
  }

  /**
   * A value as an object.
   *
   * @param value what {@link #parse(String)} gave
   * @return the same value
   * @throws JsonException if it is not an object
   */
  @SuppressWarnings("unchecked") // the parser makes maps with string keys only
  public static Map<String, @Nullable Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new JsonException("an object was expected, not " + name(value));
  }

  /**
   * Writes one value on one line, without spaces, in the order of its maps.
   *
   * @param value maps, lists, strings, numbers, booleans and null
   * @return the text
   * @throws JsonException if it holds anything else, NaN, an infinity or half of a surrogate pair
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.toString();
  }

  /** What kind of value it is, for messages. */
  static String name(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> m -> "an object";
      case List<?> l -> "an array";
      case String s -> "a string";
      case Boolean b -> b.toString();
      default -> "the number " + value;
    };
  }

  private static void write(@Nullable Object value, StringBuilder out, int depth) {
    if (depth > MAX_DEPTH) {
      throw new JsonException("a value is nested more than " + MAX_DEPTH + " levels deep");
    }
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
          Map.Entry<?, ?> e = i.next();
          writeString(String.valueOf(e.getKey()), out);
          out.append(':');
          write(e.getValue(), out, depth + 1);
          out.append(i.hasNext() ? "," : "");
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(list.get(i), out, depth + 1);
        }
        out.append(']');
      }
      case String s -> writeString(s, out);
      case Boolean b -> out.append(b);
      case Integer n -> out.append(n);
      case Long n -> out.append(n);
      case Double n when Double.isFinite(n) -> out.append(n);
      case Float n when Float.isFinite(n) -> out.append(n);
      default -> throw new JsonException("JSON has no way to write " + value);
    }
  }

  private static void writeString(String s, StringBuilder out) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(CharBuffer.wrap(s))) {
      throw new JsonException("a string holds half of a surrogate pair");
    }
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
