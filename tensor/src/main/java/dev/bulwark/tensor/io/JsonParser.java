package dev.bulwark.tensor.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recursive-descent parser, one method per rule of the grammar. */
final class JsonParser {
  private final String text;
  private int at;
  private int depth;

  JsonParser(String text) {
    this.text = text;
  }

  @Nullable Object parse() {
    skipSpace();
    Object value = value();
    skipSpace();
    if (at < text.length()) {
      throw error("something follows the value");
    }
    return value;
  }

  private @Nullable Object value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    open();
    if (!closes('}')) {
      do {
        skipSpace();
        if (peek() != '"') {
          throw error("a key in quotes was expected");
        }
        int start = at;
        String key = string();
        if (map.containsKey(key)) {
          at = start;
          throw error("key " + TensorFileException.quote(key) + " appears twice in one object");
        }
        skipSpace();
        take(':');
        skipSpace();
        map.put(key, value());
      } while (another('}'));
    }
    depth--;
    return map;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> list = new ArrayList<>();
    open();
    if (!closes(']')) {
      do {
        skipSpace();
        list.add(value());
      } while (another(']'));
    }
    depth--;
    return list;
  }

  private void open() {
    if (++depth > Json.MAX_DEPTH) {
      throw error("nesting is deeper than " + Json.MAX_DEPTH + " levels");
    }
    at++;
    skipSpace();
  }

  private boolean closes(char end) {
    if (peek() == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean another(char end) {
    skipSpace();
    if (closes(end)) {
      return false;
    }
    take(',');
    return true;
  }

  private String string() {
    at++;
    StringBuilder s = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return checkPairs(s.toString());
      }
      if (c < ' ') {
        at--;
        throw error("a control character stands in a string; escape it");
      }
      s.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        at--;
        throw error("a backslash stands before '" + c + "'");
      }
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = next();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        at--;
        throw error("four hexadecimal digits were expected");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private String checkPairs(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < s.length()
          && Character.isLowSurrogate(s.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw error("a string holds half of a surrogate pair");
      }
    }
    return s;
  }

  private Object number() {
    int start = at;
    accept('-');
    if (!accept('0')) {
      digits();
    }
    boolean whole = true;
    if (accept('.')) {
      whole = false;
      digits();
    }
    if (accept('e') || accept('E')) {
      whole = false;
      if (!accept('+')) {
        accept('-');
      }
      digits();
    }
    String number = text.substring(start, at);
    if (whole && number.length() <= 20 && !number.equals("-0")) {
      try {
        return Long.valueOf(number);
      } catch (NumberFormatException beyondLong) {
        return Double.valueOf(number);
      }
    }
    double d = Double.parseDouble(number);
    if (Double.isInfinite(d)) {
      at = start;
      throw error("a number is too large for a double");
    }
    return d;
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw error(at < text.length() ? "'" + text.charAt(at) + "' is out of place" : "text ends");
    }
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw error("a value was expected");
    }
    at += word.length();
    return value;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void take(char c) {
    if (peek() != c) {
      throw error("'" + c + "' was expected");
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw error("text ends too early");
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private JsonException error(String problem) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      boolean breaks = text.charAt(i) == '\n';
      line += breaks ? 1 : 0;
      column = breaks ? 1 : column + 1;
    }
    return new JsonException("line " + line + ", column " + column + ": " + problem);
  }
}
