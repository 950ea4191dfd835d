package dev.bulwark.robust.train;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.AtomicFile;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Snapshots of a run: folders "step-00000120" with parameters, moments and progress. A folder
 * appears whole, under its name, or not at all; the last two are kept. A list of digests, in the
 * form that sha256sum checks, tells a damaged one, and the one before it is taken instead.
 */
final class Snapshots {
  private static final int KEPT = 2;
  private static final String WEIGHTS = "weights.safetensors";
  private static final String MOMENTS = "moments.safetensors";
  private static final String STATE = "state.json";
  private static final String DIGESTS = "SHA256SUMS";

  private final Path folder;
  private final JsonMapper json = JsonMapper.builder().build();

  Snapshots(Path folder) {
    this.folder = folder;
  }

  /** What state.json holds. */
  record State(Progress progress, long metricsBytes) {}

  void save(RunState run, Progress at, long metricsBytes) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve("step-%08d".formatted(at.step()));
    Path temporary = folder.resolve(".tmp-" + target.getFileName());
    delete(temporary);
    try {
      Files.createDirectories(temporary);
      Safetensors.write(temporary.resolve(WEIGHTS), run.values());
      Safetensors.write(temporary.resolve(MOMENTS), run.optimizer().state());
      String state = json.writeValueAsString(new State(at, metricsBytes));
      AtomicFile.writeString(temporary.resolve(STATE), state + "\n");
      AtomicFile.writeString(temporary.resolve(DIGESTS), digests(temporary));
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
  Optional<State> restore(RunState run) throws IOException {
    for (Path snapshot : newestFirst()) {
      Optional<State> state = read(snapshot);
      if (state.isEmpty()) {
        System.getLogger("dev.bulwark")
            .log(System.Logger.Level.WARNING, snapshot + " is damaged; going further back");
      } else {
        load(snapshot.resolve(WEIGHTS), run.values());
        load(snapshot.resolve(MOMENTS), run.optimizer().state());
        run.optimizer().resumeAt(state.get().progress().step());
        return state;
      }
    }
    return Optional.empty();
  }

  /** Deletes them all. */
  void drop() throws IOException {
    for (Path snapshot : newestFirst()) {
      delete(snapshot);
    }
    Files.deleteIfExists(folder);
  }

  /** The state of a snapshot whose files have the digests they were written with. */
  private Optional<State> read(Path snapshot) throws IOException {
    Path list = snapshot.resolve(DIGESTS);
    try {
      return Files.exists(list) && Files.readString(list).equals(digests(snapshot))
          ? Optional.of(json.readValue(Files.readString(snapshot.resolve(STATE)), State.class))
          : Optional.empty();
    } catch (NoSuchFileException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String digests(Path snapshot) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String file : List.of(WEIGHTS, MOMENTS, STATE)) {
      lines.append(digest(snapshot.resolve(file))).append("  ").append(file).append('\n');
    }
    return lines.toString();
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
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
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
