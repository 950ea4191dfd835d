package dev.bulwark.robust;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.checkpoint.ModelCard;
import dev.bulwark.nn.encoder.Bert;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.text.Vocabulary;
import dev.bulwark.nn.text.WordPiece;
import dev.bulwark.nn.text.WordPieceOptions;
import dev.bulwark.robust.data.Example;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.predict.Classifier;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A BERT of 2 layers with random weights, and a task it can learn in a second. */
public final class Tiny {
  /** Classes of the task. */
  public static final Labels LABELS = Labels.of(List.of("bad", "good"));

  private static final List<String> GOOD =
      List.of("good", "great", "wonderful", "brilliant", "charming");
  private static final List<String> BAD = List.of("bad", "awful", "terrible", "boring", "stupid");
  private static final List<String> OTHER =
      List.of(
          "the", "a", "film", "movie", "story", "actor", "is", "was", "and", "of", "it", "very");
  private static final int POSITIONS = 24;

  private Tiny() {}

  /** A tokenizer of the task's words. */
  public static WordPiece tokenizer() {
    List<String> tokens =
        new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "."));
    Stream.of(GOOD, BAD, OTHER).forEach(tokens::addAll);
    return WordPiece.of(Vocabulary.of(tokens), WordPieceOptions.uncased());
  }

  /** Its configuration: 2 layers of width 32, at most 24 tokens, the given dropout. */
  public static Config config(double dropout) {
    return Config.bert(2, 32, 2, 64, tokenizer().vocabulary().size(), POSITIONS, 2)
        .with("hidden_dropout_prob", dropout)
        .with("attention_probs_dropout_prob", dropout);
  }

  /** Saves an encoder with random weights. */
  public static Path encoder(Path folder) {
    return encoder(folder, 0.1);
  }

  /** Saves an encoder with random weights and the given dropout. */
  public static Path encoder(Path folder, double dropout) {
    Config config = config(dropout);
    Bert bert = new Bert(Source.random(DType.F32, Rng.seed(7)), BertConfig.of(config));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter p : bert.parameters().values()) {
      weights.put(p.name(), p.value());
    }
    ModelCard card = new ModelCard("Tiny", "Random weights.", Map.of());
    try {
      HuggingFaceFolder.save(folder, config, weights, tokenizer(), card);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  /** An untrained classifier on a saved encoder. */
  public static Classifier classifier(Path encoder) {
    try (Checkpoint c = HuggingFaceFolder.open(encoder)) {
      return Classifier.onTopOf(c, LABELS, Rng.seed(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sentences whose class shows in one of their words. */
  public static List<Example> examples(int count, long seed) {
    Random random = new Random(seed);
    List<Example> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> words = new ArrayList<>();
      int length = 3 + random.nextInt(10);
      for (int w = 0; w < length; w++) {
        words.add(OTHER.get(random.nextInt(OTHER.size())));
      }
      List<String> tell = i % 2 == 0 ? BAD : GOOD;
      words.set(random.nextInt(length), tell.get(random.nextInt(tell.size())));
      all.add(new Example(String.join(" ", words), null, i % 2));
    }
    return all;
  }

  /** Writes such sentences with the columns "sentence" and "label". */
  public static Path tsv(Path file, int count, long seed) {
    StringBuilder text = new StringBuilder("sentence\tlabel\n");
    for (Example e : examples(count, seed)) {
      text.append(e.text()).append('\t').append(LABELS.name(e.label())).append('\n');
    }
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Contents of all files below a folder, by name; to compare runs. */
  public static Map<String, String> contents(Path folder) {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path p : files.filter(Files::isRegularFile).toList()) {
        all.put(
            folder.relativize(p).toString(),
            new String(Files.readAllBytes(p), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
