package dev.bulwark.robust.data;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeType;

/** One JSON object a line; members that are not asked for are ignored, blank lines skipped. */
final class JsonRows implements RowSource {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final Utf8Lines lines;
  private final List<String> found;
  private @Nullable JsonNode ahead;
  private Columns columns = Columns.single("text", "label");

  JsonRows(String file, Utf8Lines lines) throws IOException {
    this.file = file;
    this.lines = lines;
    this.ahead = object();
    this.found = ahead == null ? List.of() : List.copyOf(ahead.propertyNames());
    if (ahead != null && found.isEmpty()) {
      throw DataException.at(file, lines.number(), "the object has no members");
    }
  }

  @Override
  public List<String> found() {
    return found;
  }

  @Override
  public void bind(Columns bound) {
    columns = bound;
  }

  @Override
  public @Nullable Row next() throws IOException {
    JsonNode row = ahead == null ? object() : ahead;
    ahead = null;
    if (row == null) {
      return null;
    }
    String pair = columns.pair();
    String column = columns.label();
    return new Row(
        text(row, columns.text()),
        pair == null ? null : text(row, pair),
        column == null ? null : label(row, column),
        lines.number());
  }

  private @Nullable JsonNode object() throws IOException {
    String line = lines.nextStripped();
    while (line != null && line.isBlank()) {
      line = lines.nextStripped();
    }
    if (line == null) {
      return null;
    }
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JacksonException e) {
      String why = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
      throw DataException.at(file, lines.number(), "not a JSON object: " + why, e);
    }
    if (!node.isObject()) {
      throw DataException.at(
          file,
          lines.number(),
          "a JSON "
              + kind(node)
              + " where an object is expected; write one object a line, without an array around");
    }
    return node;
  }

  private String text(JsonNode row, String column) {
    JsonNode value = member(row, column);
    if (!value.isString()) {
      throw mistyped(column, value, "a string");
    }
    return value.stringValue();
  }

  private String label(JsonNode row, String column) {
    JsonNode value = member(row, column);
    if (!value.isString() && !value.isIntegralNumber() && !value.isBoolean()) {
      throw mistyped(column, value, "an integer or a class name");
    }
    String label = value.asString();
    if (label.isEmpty()) {
      throw DataException.at(
          file, lines.number(), "the label is empty; fill it in or drop the row");
    }
    return label;
  }

  private JsonNode member(JsonNode row, String column) {
    JsonNode value = row.get(column);
    if (value == null) {
      List<String> present = List.copyOf(row.propertyNames());
      throw DataException.at(
          file,
          lines.number(),
          "the object has no \""
              + Names.excerpt(column)
              + "\"; found "
              + Columns.listed(present)
              + Names.suggestion(column, present));
    }
    return value;
  }

  private DataException mistyped(String column, JsonNode value, String wanted) {
    return DataException.at(
        file,
        lines.number(),
        "\"" + Names.excerpt(column) + "\" is a JSON " + kind(value) + ", not " + wanted);
  }

  private static String kind(JsonNode node) {
    return node.getNodeType() == JsonNodeType.MISSING
        ? "nothing"
        : node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
