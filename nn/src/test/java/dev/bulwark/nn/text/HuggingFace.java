package dev.bulwark.nn.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Hugging Face {@code tokenizers} 0.23.2 gave, and the vocabulary it gave it with: that of
 * MiniLM, 30,522 tokens, out of a jar that is on the test class path.
 *
 * <p>{@code hf-digests.tsv} has a SHA-256 per body of text. An encoding enters the digest as 32-bit
 * little-endian numbers: its length, then the columns ids, type ids, starts, ends (in code points),
 * word ids (-1 for none).
 */
final class HuggingFace {
  private static final String MINILM = "/all-minilm-l6-v2-tokenizer.json";

  /** The ways to normalise that digests exist for. */
  static final Map<String, WordPieceOptions> VARIANTS =
      Map.of(
          "uncased", WordPieceOptions.uncased(),
          "cased", WordPieceOptions.cased(),
          "strip-only", WordPieceOptions.cased().change().stripAccents(true).build(),
          "lower-only", WordPieceOptions.uncased().change().stripAccents(false).build(),
          "unclean", WordPieceOptions.uncased().change().cleanText(false).build(),
          "no-chinese", WordPieceOptions.uncased().change().handleChineseChars(false).build());

  private HuggingFace() {}

  static Tokenizer miniLm() {
    return Lazy.MINILM;
  }

  private static final class Lazy {
    static final Tokenizer MINILM = load();

    private static Tokenizer load() {
      try (InputStream in = HuggingFace.class.getResourceAsStream(HuggingFace.MINILM)) {
        assertNotNull(in, "the MiniLM jar is not on the test class path");
        return Tokenizers.fromTokenizerJson(in, "MiniLM");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The lines of a resource next to this class, comments left out. */
  static List<String> lines(String resource) {
    InputStream in = HuggingFace.class.getResourceAsStream(resource);
    assertNotNull(in, resource);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asserts that a digest is the one Hugging Face's output has. */
  static void assertDigest(String name, Digest digest) {
    Map<String, String> known =
        lines("hf-digests.tsv").stream()
            .map(line -> line.split("\t"))
            .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    assertEquals(known.get(name), digest.hex(), name);
  }

  /** The folder of shared data, if this machine has it. */
  static Optional<Path> shared(String folder) {
    String named = System.getProperty("bulwark.shared");
    Path shared =
        named != null
            ? Path.of(named)
            : Path.of(System.getProperty("bulwark.root", ".."), "..", "shared");
    return Optional.of(shared.resolve(folder)).filter(Files::isDirectory);
  }

  /** A running SHA-256 over encodings or lines. */
  static final class Digest {
    private final MessageDigest sha;

    Digest() {
      try {
        sha = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    void line(String line) {
      sha.update(line.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
    }

    void encoding(Encoding encoding, String text, @Nullable String pair) {
      int n = encoding.length();
      ByteBuffer bytes = ByteBuffer.allocate(4 * (5 * n + 1)).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(n);
      put(bytes, encoding.ids());
      put(bytes, encoding.typeIds());
      put(bytes, points(encoding, encoding.startOffsets(), text, pair));
      put(bytes, points(encoding, encoding.endOffsets(), text, pair));
      put(bytes, encoding.wordIds());
      sha.update(bytes.flip());
    }

    private static void put(ByteBuffer bytes, int[] values) {
      for (int value : values) {
        bytes.putInt(value);
      }
    }

    String hex() {
      return HexFormat.of().formatHex(sha.digest());
    }
  }

  /** Offsets in Hugging Face's unit. */
  static int[] points(Encoding encoding, int[] offsets, String text, @Nullable String pair) {
    int[] points = new int[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      String source = encoding.sequence(i) == 1 && pair != null ? pair : text;
      points[i] = Encoding.codePointOffset(source, offsets[i]);
    }
    return points;
  }
}
