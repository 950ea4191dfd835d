package dev.bulwark.nn.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object read by key and type, whose errors name the file, the key and what is there.
 *
 * @param json the object
 * @param where what to call the file
 */
record JsonObject(ObjectNode json, String where) {
  boolean has(String key) {
    return json.hasNonNull(key);
  }

  int intAt(String key) {
    JsonNode node = required(key);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(key, "an integer");
    }
    return node.intValue();
  }

  int intIn(String key, int low, int high) {
    int value = intAt(key);
    if (value < low || value > high) {
      throw wrong(key, "an integer from " + low + " to " + high);
    }
    return value;
  }

  OptionalDouble doubleAt(String key) {
    if (!has(key)) {
      return OptionalDouble.empty();
    }
    JsonNode node = required(key);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(key, "a number");
    }
    return OptionalDouble.of(node.doubleValue());
  }

  double doubleIn(String key, double otherwise, double low, double high) {
    double value = doubleAt(key).orElse(otherwise);
    if (!(value >= low && value <= high)) {
      throw wrong(key, String.format(Locale.ROOT, "a number from %s to %s", low, high));
    }
    return value;
  }

  String stringAt(String key) {
    JsonNode node = required(key);
    if (!node.isString()) {
      throw wrong(key, "a string");
    }
    return node.stringValue();
  }

  List<String> strings(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    JsonNode node = required(key);
    for (JsonNode each : node) {
      if (!each.isString()) {
        throw wrong(key, "a list of strings");
      }
      values.add(each.stringValue());
    }
    if (!node.isArray()) {
      throw wrong(key, "a list of strings");
    }
    return List.copyOf(values);
  }

  JsonNode required(String key) {
    JsonNode node = json.path(key);
    if (node.isMissingNode() || node.isNull()) {
      throw CheckpointException.at(where, "the key '%s' is missing".formatted(key));
    }
    return node;
  }

  CheckpointException wrong(String key, String rule) {
    String found = json.path(key).toString();
    return CheckpointException.at(
        where,
        "%s is %s; it must be %s"
            .formatted(key, found.length() > 80 ? found.substring(0, 80) + "..." : found, rule));
  }
}
