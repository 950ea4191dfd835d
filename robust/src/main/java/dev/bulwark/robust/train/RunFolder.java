package dev.bulwark.robust.train;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.checkpoint.ModelCard;
import dev.bulwark.nn.head.SpanModel;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The output folder of a run: "run.json" (its settings), "metrics.jsonl", "model" (the best model,
 * a Hugging Face folder) and "snapshots".
 */
public final class RunFolder implements RunStore, AutoCloseable {
  /** The file that makes a folder a run's. */
  public static final String RUN = "run.json";

  /** The folder of the best model in it. */
  public static final String MODEL = "model";

  private final Path folder;
  private final Map<String, String> settings;
  private final Snapshots snapshots;
  private final MetricsLog metrics;

  private RunFolder(Path folder, Map<String, String> settings) throws IOException {
    this.folder = folder;
    this.settings = new LinkedHashMap<>(settings);
    this.snapshots = new Snapshots(folder.resolve("snapshots"));
    this.metrics = new MetricsLog(folder.resolve("metrics.jsonl"));
  }

  /**
   * Opens a folder for a run.
   *
   * @param folder where to; made if absent
   * @param settings everything that decides the result, by name
   * @param resume whether to go on with the run in it
   * @return the folder
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if it holds another run, or a run and resume is not asked for
   */
  public static RunFolder open(Path folder, Map<String, String> settings, boolean resume)
      throws IOException {
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Path file = folder.resolve(RUN);
    if (Files.exists(file) && resume) {
      Map<String, String> before = settings(file, json);
      Map<String, String> differing = new TreeMap<>();
      settings.forEach((k, v) -> {
        if (!v.equals(before.get(k))) {
          differing.put(k, before.get(k) + " then, " + v + " now");
        }
      });
      if (!differing.isEmpty()) {
        throw new IllegalArgumentException(
            folder
                + " holds a run with other settings "
                + differing
                + "; give the same ones to resume it, or choose another --out");
      }
      return new RunFolder(folder, settings);
    }
    if (!isEmpty(folder)) {
      throw new IllegalArgumentException(
          folder
              + (Files.exists(file)
                  ? " holds a run; continue it with --resume, or choose another --out"
                  : " is there already and holds no run; choose another --out"));
    }
    Files.createDirectories(folder);
    AtomicFile.writeString(file, json.writeValueAsString(settings) + "\n");
    return new RunFolder(folder, settings);
  }

  private static Map<String, String> settings(Path file, JsonMapper json) throws IOException {
    try {
      return json.readValue(Files.readString(file), new TypeReference<Map<String, String>>() {});
    } catch (JacksonException | CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + " is damaged, so the run cannot be continued; choose another --out", e);
    }
  }

  /** Whether nothing is there, or a folder with nothing in it. */
  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return !Files.exists(folder);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }

  /**
   * Opens a folder for a run that takes the place of an earlier one.
   *
   * @param folder where to; what an earlier run left there is deleted
   * @param settings everything that decides the result, by name
   * @return the folder
   * @throws IOException if it cannot be emptied or written
   * @throws IllegalArgumentException if it holds something that is not a run
   */
  public static RunFolder replace(Path folder, Map<String, String> settings) throws IOException {
    if (Files.isRegularFile(folder.resolve(RUN))) {
      try (Stream<Path> inside = Files.walk(folder)) {
        for (Path p : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(p);
        }
      }
    }
    return open(folder, settings, false);
  }

  /** Writes metrics.jsonl; to be told of every step and epoch. */
  public TrainListener metrics() {
    return metrics;
  }

  /**
   * A file of the run's, for what belongs to it.
   *
   * @param name of the file
   * @return its path
   */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /**
   * Deletes the snapshots of a run that is done.
   *
   * @throws IOException if that fails
   */
  public void dropSnapshots() throws IOException {
    snapshots.drop();
  }

  /** The best model. */
  public Path model() {
    return folder.resolve(MODEL);
  }

  @Override
  public Progress restore(RunState run) throws IOException {
    Optional<Snapshots.State> state = snapshots.restore(run);
    metrics.cutTo(state.map(Snapshots.State::metricsBytes).orElse(0L));
    return state.map(Snapshots.State::progress).orElse(Progress.START);
  }

  @Override
  public void snapshot(RunState run, Progress at) throws IOException {
    snapshots.save(run, at, metrics.bytes());
  }

  @Override
  public void saveModel(Classifier classifier) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter p : classifier.model().parameters().values()) {
      weights.put(p.name(), p.value());
    }
    HuggingFaceFolder.save(
        model(), classifier.config(), weights, classifier.tokenizer(), card(classifier));
  }

  private ModelCard card(Classifier classifier) {
    return classifier.model() instanceof SpanModel
        ? new ModelCard(
            "Question answering",
            "Fine-tuned with Bulwark to answer questions with a span of a text.",
            settings)
        : new ModelCard(
            "Text classifier",
            "Fine-tuned with Bulwark to tell " + classifier.labels().size() + " classes apart.",
            settings);
  }

  @Override
  public void close() throws IOException {
    metrics.close();
  }
}
