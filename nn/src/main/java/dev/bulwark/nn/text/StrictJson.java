package dev.bulwark.nn.text;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that is not trusted: no duplicate keys, nothing after the end, bounded size and depth. */
final class StrictJson {
  /** Writes and reads; safe to share. */
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNameLength(4 * Vocabulary.MAX_TOKEN_CHARS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** Reads a JSON object of {@link Vocabulary#MAX_BYTES} at most. */
  static JsonNode object(InputStream in, String where) throws IOException {
    return object(Vocabulary.utf8(in, Vocabulary.MAX_BYTES, where), where);
  }

  static JsonNode object(String text, String where) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s is not valid JSON (line %d, column %d): %s"
              .formatted(
                  where,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
    if (node == null || !node.isObject()) {
      throw new IllegalArgumentException(where + " does not hold a JSON object.");
    }
    return node;
  }

  /** A member, or null if it is missing or JSON's null. */
  static @Nullable JsonNode member(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  static boolean bool(JsonNode object, String name, boolean missing, String where) {
    JsonNode node = member(object, name);
    if (node == null) {
      return missing;
    }
    if (!node.isBoolean()) {
      throw wrong(where, name, "true or false", node);
    }
    return node.booleanValue();
  }

  static String string(JsonNode object, String name, @Nullable String missing, String where) {
    JsonNode node = member(object, name);
    if (node == null && missing != null) {
      return missing;
    }
    if (node == null || !node.isString() || node.stringValue().isEmpty()) {
      throw wrong(where, name, "a string that is not empty", node);
    }
    return node.stringValue();
  }

  static int integer(JsonNode object, String name, @Nullable Integer missing, String where) {
    JsonNode node = member(object, name);
    if (node == null && missing != null) {
      return missing;
    }
    if (node == null || !node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(where, name, "a whole number", node);
    }
    return node.intValue();
  }

  static IllegalArgumentException wrong(
      String where, String name, String expected, @Nullable JsonNode found) {
    String text = found == null ? "nothing" : found.toString();
    return new IllegalArgumentException(
        "%s: '%s' should be %s, found %s."
            .formatted(
                where, name, expected, text.length() > 80 ? text.substring(0, 80) + "..." : text));
  }
}
