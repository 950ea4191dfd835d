package dev.bulwark.nn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads small JSON objects without trusting them: no duplicate keys, bounded depth and size. */
final class StrictJson {
  /** Most bytes of a configuration or an index. */
  static final int MAX_BYTES = 16 << 20;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(100)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  static ObjectNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(MAX_BYTES + 1), file.toString());
    }
  }

  static ObjectNode parse(byte[] json, String where) {
    if (json.length > MAX_BYTES) {
      throw CheckpointException.at(
          where, "larger than %d bytes, the most that is read".formatted(MAX_BYTES));
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(where + ": not valid UTF-8", e);
    }
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new CheckpointException(where + ": not valid JSON: " + describe(e), e);
    }
    throw CheckpointException.at(where, "not a JSON object");
  }

  private static String describe(JacksonException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("unknown reason");
    var at = e.getLocation();
    return at == null || at.getLineNr() < 0
        ? line
        : line + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
