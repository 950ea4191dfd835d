package dev.bulwark.robust;

import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.nn.checkpoint.Config;
import dev.bulwark.nn.checkpoint.HuggingFaceFolder;
import dev.bulwark.nn.checkpoint.ModelCard;
import dev.bulwark.nn.encoder.BertConfig;
import dev.bulwark.nn.head.MaskedLm;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A masked language model with random weights for the task of {@link Tiny}, without dropout. */
public final class TinyMlm {
  private TinyMlm() {}

  /** Saves it. */
  public static void save(Path folder) {
    Config config = Tiny.config(0);
    MaskedLm model = new MaskedLm(Source.random(DType.F32, Rng.seed(7)), BertConfig.of(config));
    Scope.run(
        "tiny",
        () -> {
          Map<String, Tensor> weights = new LinkedHashMap<>();
          for (Parameter p : model.parameters().values()) {
            boolean words = p.name().endsWith("word_embeddings.weight"); // louder, to learn faster
            weights.put(p.name(), words ? p.value().times(5) : p.value());
          }
          ModelCard card = new ModelCard("Tiny", "Random weights.", Map.of());
          try {
            HuggingFaceFolder.save(folder, config, weights, Tiny.tokenizer(), card);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
