package dev.bulwark.robust.train;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.head.SequenceClassifier;
import dev.bulwark.nn.optim.AdamWOptimizer;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.AtomicFile;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Snapshots of a run: folders "step-00000120" with parameters, moments and progress. A folder
 * appears whole, under its name, or not at all; the last two are kept; digests tell a damaged one.
 */
final class Snapshots {
  private static final int KEPT = 2;
  private static final String WEIGHTS = "weights.safetensors";
  private static final String MOMENTS = "moments.safetensors";
  private static final String STATE = "state.json";

  private final Path folder;
  private final JsonMapper json = JsonMapper.builder().build();

  Snapshots(Path folder) {
    this.folder = folder;
  }

  /** What state.json holds. */
  record State(Progress progress, long metricsBytes, Map<String, String> sha256) {}

  void save(SequenceClassifier model, AdamWOptimizer optimizer, Progress at, long metricsBytes)
      throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve("step-%08d".formatted(at.step()));
    Path temporary = folder.resolve(".tmp-" + target.getFileName());
    delete(temporary);
    try {
      Files.createDirectories(temporary);
      Safetensors.write(temporary.resolve(WEIGHTS), values(model));
      Safetensors.write(temporary.resolve(MOMENTS), optimizer.state());
      Map<String, String> sha256 = new LinkedHashMap<>();
      for (String file : List.of(WEIGHTS, MOMENTS)) {
        sha256.put(file, digest(temporary.resolve(file)));
      }
      String state = json.writeValueAsString(new State(at, metricsBytes, sha256));
      AtomicFile.writeString(temporary.resolve(STATE), state);
      delete(target); // a run that was resumed before this step writes it again
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
    } finally {
      delete(temporary);
    }
    List<Path> all = newestFirst();
    for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      delete(old);
    }
  }

  /** Restores the newest snapshot that is whole. */
  Optional<State> restore(SequenceClassifier model, AdamWOptimizer optimizer) throws IOException {
    for (Path snapshot : newestFirst()) {
      Optional<State> state = read(snapshot);
      if (state.isPresent()) {
        load(snapshot.resolve(WEIGHTS), values(model));
        load(snapshot.resolve(MOMENTS), optimizer.state());
        optimizer.resumeAt(state.get().progress().step());
        return state;
      }
    }
    return Optional.empty();
  }

  /** The state of a snapshot whose files have the digests they were written with. */
  private Optional<State> read(Path snapshot) throws IOException {
    Path file = snapshot.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    State state = json.readValue(Files.readString(file), State.class);
    for (var e : state.sha256().entrySet()) {
      Path part = snapshot.resolve(e.getKey());
      if (!Files.exists(part) || !digest(part).equals(e.getValue())) {
        return Optional.empty();
      }
    }
    return Optional.of(state);
  }

  private static Map<String, Tensor> values(SequenceClassifier model) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Parameter p : model.parameters().values()) {
      values.put(p.name(), p.value());
    }
    return values;
  }

  private static void load(Path file, Map<String, Tensor> into) throws IOException {
    try (TensorFile stored = Safetensors.open(file)) {
      for (var e : into.entrySet()) {
        Tensor saved = stored.read(e.getKey());
        if (!saved.shape().equals(e.getValue().shape())) {
          throw new IOException(
              file
                  + ": "
                  + e.getKey()
                  + " is "
                  + saved.describe()
                  + ", but the model has "
                  + e.getValue().describe()
                  + "; the snapshot belongs to another model");
        }
        e.getValue().kernels().copy(saved, e.getValue());
      }
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> p.getFileName().toString().startsWith("step-"))
          .sorted(Comparator.comparing((Path p) -> p.getFileName().toString()).reversed())
          .toList();
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha).transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel c = FileChannel.open(folder, StandardOpenOption.READ)) {
      c.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path p : all.toList()) {
        Files.delete(p);
      }
    }
    Files.delete(folder);
  }
}
