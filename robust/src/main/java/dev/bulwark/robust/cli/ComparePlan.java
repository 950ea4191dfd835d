package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Columns;
import dev.bulwark.robust.data.Corpus;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.method.Methods;
import dev.bulwark.robust.train.TrainSettings;
import dev.bulwark.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a config file of {@code bulwark compare} says: rows (methods), seeds, data and attack.
 *
 * @param title of the table
 * @param data files and how much of them
 * @param attack how models are attacked
 * @param limit examples to attack
 * @param seeds of all rows, each once
 * @param rows one for each line of the table
 */
record ComparePlan(
    String title,
    DataFiles data,
    AttackOptions attack,
    int limit,
    List<Long> seeds,
    List<Row> rows) {
  private static final Set<String> KEYS =
      Set.of("title", "model", "data", "attack", "limit", "seeds", "settings", "rows");
  private static final Set<String> ROW_KEYS =
      Set.of("name", "method", "model", "set", "settings", "seeds");
  private static final Set<String> DATA_KEYS =
      Set.of("train", "dev", "test", "train-limit", "text", "pair", "label");

  /**
   * One line of the table.
   *
   * @param name unique
   * @param model pre-trained encoder
   * @param method training method, or several joined by "+"
   * @param set options of the method; a value "row:NAME" is the model of that row, of the same seed
   * @param options numbers of the run, without the seed
   * @param seeds of this row
   */
  record Row(
      String name,
      String model,
      String method,
      Map<String, String> set,
      TrainOptions options,
      List<Long> seeds) {
    TrainSettings settings(long seed) {
      return options.settings(seed);
    }

    /** A folder's name. */
    String slug() {
      return name.replaceAll("[^A-Za-z0-9.+-]+", "-");
    }
  }

  /**
   * Files of labelled text.
   *
   * @param train to train on
   * @param dev to choose epochs by
   * @param test to measure and attack
   * @param trainLimit how many training examples to take at random; 0: all
   * @param columns where to find text and label, or null to look for the usual names
   */
  record DataFiles(
      List<Path> train,
      List<Path> dev,
      List<Path> test,
      int trainLimit,
      @Nullable Columns columns) {
    Experiment.Data read(int attacked) throws IOException {
      Labels labels = corpus(train.getFirst()).labels();
      List<Example> all = examples(train, labels);
      List<Example> some = trainLimit == 0 ? all : sample(all, trainLimit, "train-limit");
      List<Example> testing = examples(test, labels);
      return new Experiment.Data(
          labels, some, examples(dev, labels), testing, sample(testing, attacked, "attacked"));
    }

    private Corpus corpus(Path file) {
      Corpus c = Corpus.of(file);
      return columns == null ? c : c.withColumns(columns);
    }

    private List<Example> examples(List<Path> files, Labels labels) throws IOException {
      List<Example> all = new ArrayList<>();
      for (Path file : files) {
        all.addAll(corpus(file).readAll(labels));
      }
      return all;
    }

    /** The same examples whatever the seed of a run. */
    private static List<Example> sample(List<Example> all, int count, String stream) {
      int[] order = Rng.seed(0).split(stream).permutation(all.size());
      List<Example> some = new ArrayList<>();
      for (int i = 0; i < Math.min(count, order.length); i++) {
        some.add(all.get(order[i]));
      }
      return some;
    }

    List<FileDigest> digests() throws IOException {
      List<FileDigest> digests = new ArrayList<>();
      for (var role : Map.of("training", train, "development", dev, "test", test).entrySet()) {
        for (Path file : role.getValue()) {
          digests.add(FileDigest.of(role.getKey() + " data", file));
        }
      }
      return digests;
    }
  }

  /**
   * Reads a plan; paths in it are relative to its folder.
   *
   * @param file .yaml or .json
   * @return the plan, every method and option checked
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if something in it makes no sense
   */
  static ComparePlan read(Path file) throws IOException {
    JsonNode root = ConfigFile.read(file);
    String where = file.toString();
    known(root, KEYS, where);
    Path folder =
        Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
    List<Long> seeds = seeds(root, where, List.of(42L, 43L, 44L));
    List<Row> rows = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode row : required(root, "rows", where)) {
      Row r = row(row, root, seeds, folder, where);
      rows.add(r);
      if (!names.add(r.name())
          || rows.stream().filter(o -> o.slug().equals(r.slug())).count() > 1) {
        throw new IllegalArgumentException(
            where + ": two rows are named '" + r.name() + "'; give one of them another name");
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(where + ": there are no rows to compare");
    }
    AttackOptions attack = parsed(new AttackOptions(), object(root, "attack"), where + ", attack");
    attack.recipe(); // an unknown one is refused before the first model is trained
    int limit = whole(root, "limit", 100, 1, where);
    List<Long> allSeeds = rows.stream().flatMap(r -> r.seeds().stream()).distinct().toList();
    return new ComparePlan(
        root.path("title").asString("Comparison of training methods"),
        data(required(root, "data", where), folder, where),
        attack,
        limit,
        allSeeds,
        rows);
  }

  private static Row row(JsonNode row, JsonNode root, List<Long> seeds, Path folder, String where) {
    known(row, ROW_KEYS, where + ", rows");
    String method = ConfigFile.scalar(required(row, "method", where + ", rows"), where);
    String name = row.path("name").asString(method);
    String here = where + ", row '" + name + "'";
    Map<String, String> set = new LinkedHashMap<>();
    object(row, "set")
        .propertyStream()
        .forEach(e -> set.put(e.getKey(), ConfigFile.scalar(e.getValue(), here)));
    Methods.recipe(method, set);
    List<String> args = new ArrayList<>(ConfigFile.arguments(object(root, "settings"), where));
    List<String> own = ConfigFile.arguments(object(row, "settings"), here);
    args.removeIf(a -> own.stream().anyMatch(o -> name(o).equals(name(a))));
    args.addAll(own);
    String model = row.path("model").asString(root.path("model").asString("all-minilm-l6-v2"));
    TrainOptions options = parsed(new TrainOptions(), args, here + ", settings");
    options.settings(0);
    return new Row(
        name, besideConfig(folder, model), method, set, options, seeds(row, here, seeds));
  }

  /** A folder beside the config file, if the model is one; else the name as it stands. */
  private static String besideConfig(Path folder, String model) {
    try {
      Path beside = folder.resolve(model);
      return Files.isDirectory(beside) ? beside.toString() : model;
    } catch (InvalidPathException e) {
      return model; // Maven coordinates are no path on every system
    }
  }

  private static int whole(JsonNode node, String key, int otherwise, int least, String where) {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < least) {
      throw new IllegalArgumentException(
          where + ": " + key + " must be a whole number of at least " + least + ", not " + value);
    }
    return value.intValue();
  }

  private static String name(String argument) {
    return argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
  }

  private static DataFiles data(JsonNode data, Path folder, String where) {
    known(data, DATA_KEYS, where + ", data");
    String text = data.path("text").asString("");
    String pair = data.path("pair").asString("");
    Columns columns =
        text.isEmpty()
            ? null
            : new Columns(text, pair.isEmpty() ? null : pair, data.path("label").asString("label"));
    return new DataFiles(
        files(data, "train", folder, where),
        files(data, "dev", folder, where),
        files(data, "test", folder, where),
        whole(data, "train-limit", 0, 0, where + ", data"),
        columns);
  }

  private static List<Path> files(JsonNode data, String key, Path folder, String where) {
    JsonNode value = required(data, key, where + ", data");
    List<Path> files = new ArrayList<>();
    for (JsonNode each : value.isArray() ? value : List.of(value)) {
      files.add(folder.resolve(ConfigFile.scalar(each, where + ", " + key)));
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(where + ", data: '" + key + "' names no file");
    }
    return files;
  }

  private static List<Long> seeds(JsonNode node, String where, List<Long> otherwise) {
    if (!node.has("seeds")) {
      return otherwise;
    }
    List<Long> seeds = new ArrayList<>();
    for (JsonNode seed : node.get("seeds")) {
      if (!seed.isIntegralNumber()) {
        throw new IllegalArgumentException(where + ": a seed is a whole number, not " + seed);
      }
      seeds.add(seed.longValue());
    }
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException(where + ": there are no seeds");
    }
    return seeds;
  }

  private static <T> T parsed(T options, JsonNode object, String where) {
    return parsed(options, ConfigFile.arguments(object, where), where);
  }

  private static <T> T parsed(T options, List<String> args, String where) {
    try {
      new CommandLine(options)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(args.toArray(String[]::new));
      return options;
    } catch (CommandLine.ParameterException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode object(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isObject() ? value : JsonNodeFactory.instance.objectNode();
  }

  private static JsonNode required(JsonNode node, String key, String where) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException(where + ": '" + key + "' is missing");
    }
    return value;
  }

  private static void known(JsonNode node, Set<String> keys, String where) {
    node.propertyStream()
        .map(Map.Entry::getKey)
        .filter(k -> !keys.contains(k))
        .findFirst()
        .ifPresent(k -> {
          throw new IllegalArgumentException(
              where + ": '" + k + "' is not known here; known are " + new TreeSet<>(keys));
        });
  }
}
