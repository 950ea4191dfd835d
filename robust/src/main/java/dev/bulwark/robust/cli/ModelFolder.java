package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.method.Recipe;
import dev.bulwark.robust.method.SavedMethod;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.train.RunFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens models by what a user may call them. */
final class ModelFolder {
  private ModelFolder() {}

  /**
   * A trained classifier and how its method predicts.
   *
   * @param classifier the model
   * @param recipe the method it was trained with
   */
  record Trained(Classifier classifier, Recipe recipe) {
    Predictor predictor(int maxLength) {
      return recipe.predictor(classifier, maxLength);
    }

    Labels labels() {
      return classifier.labels();
    }
  }

  /** A trained classifier: a model folder, or the output folder of a run. */
  static Trained trained(String name) throws IOException {
    return trained(name, Map.of());
  }

  /** The same with some of its method's options set differently. */
  static Trained trained(String name, Map<String, String> change) throws IOException {
    try (Checkpoint c = open(name)) {
      Recipe recipe = SavedMethod.of(c, change);
      return new Trained(recipe.open(c), recipe);
    }
  }

  /** A model by any name, a fetch reported on the console. */
  static Checkpoint open(String name) throws IOException {
    return Models.open(resolve(name), line -> Console.say("%s", line));
  }

  /** The weights of a model in a folder. */
  static List<FileDigest> digests(String name) throws IOException {
    List<FileDigest> digests = new ArrayList<>();
    try (DirectoryStream<Path> weights =
        Files.newDirectoryStream(Path.of(resolve(name)), "*.safetensors")) {
      for (Path file : weights) {
        digests.add(FileDigest.of("model", file));
      }
    }
    return digests;
  }

  /** The output folder of a run stands for the model inside; any other name for itself. */
  static String resolve(String name) {
    try {
      Path folder = Path.of(name);
      return Files.isRegularFile(folder.resolve(RunFolder.RUN))
          ? folder.resolve(RunFolder.MODEL).toString()
          : name;
    } catch (InvalidPathException e) {
      return name; // Maven coordinates are no path on every system
    }
  }
}
