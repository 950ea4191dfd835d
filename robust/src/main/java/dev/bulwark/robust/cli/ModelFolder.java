package dev.bulwark.robust.cli;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Models;
import dev.bulwark.robust.eval.FileDigest;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.robust.train.RunFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens models by what a user may call them. */
final class ModelFolder {
  private ModelFolder() {}

  /** A trained classifier: a model folder, or the output folder of a run. */
  static Classifier classifier(String name) throws IOException {
    try (Checkpoint c = open(name)) {
      return Classifier.open(c);
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
