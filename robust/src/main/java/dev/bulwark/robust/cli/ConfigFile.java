package dev.bulwark.robust.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Options in a file: YAML or JSON. A key is an option without its dashes, a nested object under
 * "set" gives options of a method.
 */
final class ConfigFile {
  private static final long LARGEST = 1 << 20;
  private static final String OPTION = "--config";

  private ConfigFile() {}

  /**
   * Reads a file strictly: no key twice, nothing behind the end, no tags that make objects.
   *
   * @param file .yaml, .yml or .json
   * @return an object
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is no such object
   */
  static JsonNode read(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean json = name.endsWith(".json");
    if (!json && !name.endsWith(".yaml") && !name.endsWith(".yml")) {
      throw new IllegalArgumentException(file + ": a config file ends in .yaml, .yml or .json");
    }
    if (Files.size(file) > LARGEST) {
      throw new IllegalArgumentException(file + ": a config file of over 1 MiB is none");
    }
    try {
      JsonNode root =
          strict(
                  json
                      ? JsonMapper.builder(new JsonFactory())
                      : YAMLMapper.builder(new YAMLFactory()))
              .readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new IllegalArgumentException(file + ": a config file holds names with values");
      }
      return root;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file
              + (e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse("not readable"),
          e);
    }
  }

  private static ObjectMapper strict(MapperBuilder<?, ?> builder) {
    return builder
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * The options of an object as arguments.
   *
   * @param object names with values
   * @param where it stands, for messages
   * @return "--NAME=VALUE" for each
   */
  static List<String> arguments(JsonNode object, String where) {
    List<String> args = new ArrayList<>();
    object.propertyStream().forEach(e -> add(args, "--" + e.getKey(), e.getValue(), where));
    return args;
  }

  private static void add(List<String> args, String option, JsonNode value, String where) {
    if (value.isObject() && option.equals("--set")) {
      value
          .propertyStream()
          .forEach(e -> args.add("--set=" + e.getKey() + "=" + scalar(e.getValue(), where)));
    } else if (value.isArray()) {
      value.forEach(each -> add(args, option, each, where));
    } else if (value.isBoolean()) {
      if (value.booleanValue()) {
        args.add(option);
      }
    } else {
      args.add(option + "=" + scalar(value, where + ", " + option.substring(2)));
    }
  }

  /**
   * A single value as text.
   *
   * @param value text, number or truth value
   * @param where it stands, for messages
   * @return its text
   */
  static String scalar(JsonNode value, String where) {
    if (!value.isValueNode() || value.isNull()) {
      throw new IllegalArgumentException(where + ": a single value is needed, not " + value);
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  /**
   * Puts the options of a {@code --config} file behind the command's name; those given on the
   * command line win.
   *
   * @param args the command line
   * @return the command line without --config
   * @throws IOException if the file cannot be read
   */
  static String[] expand(String[] args) throws IOException {
    int at = -1;
    for (int i = 1; i < args.length && !args[0].equals("compare"); i++) {
      at = args[i].equals(OPTION) || args[i].startsWith(OPTION + "=") ? i : at;
    }
    if (at < 0) {
      return args;
    }
    boolean joined = args[at].startsWith(OPTION + "=");
    if (!joined && at + 1 == args.length) {
      throw new IllegalArgumentException("--config needs a file");
    }
    Path file = Path.of(joined ? args[at].substring(OPTION.length() + 1) : args[at + 1]);
    List<String> given = new ArrayList<>(Arrays.asList(args).subList(1, at));
    given.addAll(Arrays.asList(args).subList(at + (joined ? 1 : 2), args.length));
    List<String> all = new ArrayList<>(List.of(args[0]));
    for (String option : arguments(read(file), file.toString())) {
      String name = option.contains("=") ? option.substring(0, option.indexOf('=')) : option;
      boolean overridden =
          !name.equals("--set")
              && given.stream().anyMatch(g -> g.equals(name) || g.startsWith(name + "="));
      if (!overridden) {
        all.add(option);
      }
    }
    all.addAll(given);
    return all.toArray(String[]::new);
  }
}
