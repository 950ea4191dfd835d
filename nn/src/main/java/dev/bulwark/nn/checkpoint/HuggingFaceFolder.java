package dev.bulwark.nn.checkpoint;

import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.nn.text.Tokenizers;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.AtomicFile;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model as Hugging Face {@code transformers} keeps it: a folder with {@code config.json}, {@code
 * model.safetensors} (or several such files and their index) and the tokenizer's files.
 */
public final class HuggingFaceFolder {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String CARD = "README.md";

  /** What a folder may hold and still be replaced by a new version of the model. */
  private static final Set<String> OWN_FILES =
      Set.of(
          CONFIG,
          WEIGHTS,
          CARD,
          "tokenizer.json",
          "tokenizer_config.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "special_tokens_map.json");

  private HuggingFaceFolder() {}

  /**
   * Opens a folder.
   *
   * @param folder the folder
   * @return the model, to be closed
   * @throws IOException if a file cannot be read
   * @throws CheckpointException if one is missing or damaged
   */
  public static Checkpoint open(Path folder) throws IOException {
    AtomicFolder.recover(folder);
    Config config = Config.read(existing(folder, CONFIG));
    Path file = weightsFile(folder);
    SafetensorsWeights weights;
    try {
      weights = SafetensorsWeights.of(Safetensors.open(file), file.toString());
    } catch (TensorFileException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
    return new Checkpoint(
        folder.toString(),
        config,
        weights,
        () -> Tokenizers.load(folder),
        () -> digests(folder),
        weights);
  }

  private static Path weightsFile(Path folder) {
    if (Files.exists(folder.resolve(WEIGHTS))) {
      return folder.resolve(WEIGHTS);
    }
    if (Files.exists(folder.resolve(INDEX))) {
      return folder.resolve(INDEX);
    }
    throw CheckpointException.at(
        folder.toString(),
        "there is no "
            + WEIGHTS
            + (Files.exists(folder.resolve("pytorch_model.bin"))
                ? "; pytorch_model.bin is not read, save the model anew with safe_serialization=True"
                : ""));
  }

  private static Path existing(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw CheckpointException.at(
          folder.toString(), "there is no " + name + ", so this is not a model folder");
    }
    return file;
  }

  private static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "{*.safetensors,config.json}")) {
      for (Path file : files) {
        try (Arena arena = Arena.ofConfined()) {
          String sha256 = MappedFile.digest("SHA-256", MappedFile.map(file, arena));
          digests.put(String.valueOf(file.getFileName()), "sha256:" + sha256);
        }
      }
    }
    return digests;
  }

  /**
   * Saves a model as a folder that {@code transformers} and {@link #open} load. The folder appears
   * whole or not at all; a model that was there before is replaced in the same way.
   *
   * @param folder the folder; if it exists it must be empty or hold nothing but a model
   * @param config the configuration; its {@code architectures} are set to fit the weights
   * @param weights F32 tensors by Hugging Face name: with {@code bert.} in front of the encoder's
   *     for a model with a head, without for a bare encoder
   * @param tokenizer the tokenizer
   * @param card what to tell about the model
   * @throws IOException if the folder cannot be written; what was there is untouched then
   * @throws IllegalArgumentException if configuration, weights and tokenizer do not fit together
   */
  public static void save(
      Path folder, Config config, Map<String, Tensor> weights, Tokenizer tokenizer, ModelCard card)
      throws IOException {
    Config fitting = SavedArchitecture.fit(config, weights, tokenizer);
    AtomicFolder.write(
        folder,
        OWN_FILES,
        unfinished -> {
          AtomicFile.writeString(unfinished.resolve(CONFIG), fitting.toJson());
          Safetensors.write(unfinished.resolve(WEIGHTS), weights);
          tokenizer.save(unfinished);
          AtomicFile.writeString(unfinished.resolve(CARD), card.toMarkdown(fitting));
        });
  }
}
