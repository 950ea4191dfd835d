package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.robust.predict.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models by what a user may call them. */
final class ModelFolder {
  private ModelFolder() {}

  /** A trained classifier: a model folder, or the output folder of a run. */
  static Classifier classifier(String name) throws IOException {
    try (Checkpoint c = Models.open(resolve(name))) {
      return Classifier.open(c);
    }
  }

  /** The output folder of a run stands for the model inside. */
  static String resolve(String name) {
    Path inside = Path.of(name).resolve("model");
    return Files.isRegularFile(inside.resolve("config.json")) ? inside.toString() : name;
  }
}
