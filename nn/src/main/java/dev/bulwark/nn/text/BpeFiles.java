package dev.bulwark.nn.text;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code vocab.json} and {@code merges.txt}, as GPT-2 and RoBERTa have them; not trusted. */
final class BpeFiles {
  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";

  private BpeFiles() {}

  static Vocabulary vocabulary(Path file) throws IOException {
    String where = file.toString();
    JsonNode json;
    try (InputStream in = Files.newInputStream(file)) {
      json = StrictJson.object(in, where);
    }
    int size = json.size();
    if (size > Vocabulary.MAX_TOKENS) {
      throw new IllegalArgumentException(
          "%s has %d tokens, more than the %d that are read."
              .formatted(where, size, Vocabulary.MAX_TOKENS));
    }
    @Nullable String[] tokens = new @Nullable String[size];
    json.propertyStream()
        .forEach(e -> {
          JsonNode id = e.getValue();
          int i = id.isIntegralNumber() && id.canConvertToInt() ? id.intValue() : -1;
          if (i < 0 || i >= size || tokens[i] != null) {
            throw StrictJson.wrong(
                where, e.getKey(), "an id from 0 to " + (size - 1) + " that no other has", id);
          }
          tokens[i] = e.getKey();
        });
    return Vocabulary.of(Arrays.stream(tokens).map(String::valueOf).toList(), where);
  }

  static List<String[]> merges(Path file) throws IOException {
    String where = file.toString();
    String text;
    try (InputStream in = Files.newInputStream(file)) {
      text = Vocabulary.utf8(in, Vocabulary.MAX_BYTES, where);
    }
    List<String[]> pairs = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isEmpty() || (number == 1 && line.startsWith("#version"))) {
        continue;
      }
      String[] pair = line.split(" ", -1);
      if (pair.length != 2
          || pair[0].isEmpty()
          || pair[1].isEmpty()
          || line.length() > Vocabulary.MAX_TOKEN_CHARS
          || pairs.size() == Vocabulary.MAX_TOKENS) {
        throw new IllegalArgumentException(
            "%s, line %d: there should be two tokens with a blank between them, at most %d chars,"
                    .formatted(where, number, Vocabulary.MAX_TOKEN_CHARS)
                + " and at most %d such lines.".formatted(Vocabulary.MAX_TOKENS));
      }
      pairs.add(pair);
    }
    return pairs;
  }

  static void write(Path folder, Vocabulary vocabulary, List<String> merges) throws IOException {
    Files.createDirectories(folder);
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.token(id), id);
    }
    try (BufferedWriter out =
        Files.newBufferedWriter(folder.resolve(VOCABULARY), StandardCharsets.UTF_8)) {
      out.write(StrictJson.MAPPER.writeValueAsString(ids));
      out.write('\n');
    }
    List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
    lines.addAll(merges);
    Files.write(folder.resolve(MERGES), lines, StandardCharsets.UTF_8);
  }
}
