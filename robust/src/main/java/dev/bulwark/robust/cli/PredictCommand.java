package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.data.Utf8Lines;
import dev.bulwark.robust.predict.Predictor;
import dev.bulwark.robust.predict.TextInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Classifies lines. */
@Command(
    name = "predict",
    description = {
      "Classifies text: one line in, one line of JSON out, in the same order.",
      "A line is plain text, or a JSON object with \"text\" (or \"sentence\", \"premise\") and, for"
          + " pairs, \"pair\" (or \"hypothesis\"). Output: {\"label\": ..., \"probabilities\": {...}}."
    })
final class PredictCommand implements Callable<Integer> {
  private static final int CHUNK = 256;
  private static final List<String> TEXT = List.of("text", "sentence", "premise");
  private static final List<String> PAIR = List.of("pair", "hypothesis");

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "a trained classifier: model folder or output folder of a run")
  private String model;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "text or JSONL file (default: standard input)")
  private @Nullable Path input;

  @Option(
      names = "--max-length",
      defaultValue = "512",
      description = "longest text in tokens; longer ones are cut (default: ${DEFAULT-VALUE})")
  private int maxLength;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "an option of the model's method to predict with, such as its number of votes")
  private Map<String, String> set = new TreeMap<>();

  @Mixin private RunOptions run;

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  PredictCommand() {}

  @Override
  public Integer call() throws IOException {
    run.apply();
    ModelFolder.Trained trained = ModelFolder.trained(model, set);
    Predictor predictor = trained.predictor(maxLength);
    String where = input == null ? "standard input" : input.toString();
    PrintWriter out = spec.commandLine().getOut();
    if (input != null && Files.isDirectory(input)) {
      throw new IllegalArgumentException(input + ": a folder, not a file; name a file in it");
    }
    try (InputStream bytes = input == null ? System.in : Files.newInputStream(input);
        Utf8Lines lines = new Utf8Lines(where, bytes)) {
      List<TextInput> chunk = new ArrayList<>();
      for (String line = lines.nextStripped(); line != null; line = lines.nextStripped()) {
        chunk.add(parse(line, where, lines.number()));
        // Whoever types line by line gets each answer at once; a file is answered in chunks.
        if (chunk.size() == CHUNK || !lines.ready()) {
          answer(predictor, trained.labels(), chunk, out);
        }
      }
      answer(predictor, trained.labels(), chunk, out);
    }
    return 0;
  }

  private TextInput parse(String line, String where, long number) {
    if (!line.stripLeading().startsWith("{")) {
      return new TextInput(line, null);
    }
    JsonNode node;
    try {
      node = json.readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          where
              + " line "
              + number
              + ": a line that starts with { must be a JSON object: "
              + e.getOriginalMessage(),
          e);
    }
    String text = field(node, TEXT);
    if (text == null) {
      throw new IllegalArgumentException(
          where + " line " + number + ": the object has none of " + TEXT + " as a string");
    }
    return new TextInput(text, field(node, PAIR));
  }

  private static @Nullable String field(JsonNode node, List<String> names) {
    for (String n : names) {
      if (node.path(n).isString()) {
        return node.path(n).stringValue();
      }
    }
    return null;
  }

  private void answer(Predictor predictor, Labels labels, List<TextInput> chunk, PrintWriter out)
      throws IOException {
    for (float[] p : predictor.predict(chunk)) {
      int best = 0;
      Map<String, Float> named = new LinkedHashMap<>();
      for (int c = 0; c < p.length; c++) {
        best = p[c] > p[best] ? c : best;
        named.put(labels.name(c), p[c]);
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("label", labels.name(best));
      row.put("probabilities", named);
      out.println(json.writeValueAsString(row));
    }
    if (out.checkError()) {
      throw new IOException(
          "standard output cannot be written; was it closed, or is the disk full?");
    }
    chunk.clear();
  }
}
