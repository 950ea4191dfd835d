package dev.bulwark.tensor.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random damage: a file opens and can be read, or the declared exception says why not. */
class SafetensorsFuzzTest {
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "\\",
          "0",
          "-1",
          "1e9",
          "null",
          "true",
          "\"a\"",
          "9223372036854775807",
          "\"dtype\"",
          "\"shape\"",
          "\"data_offsets\"",
          "\"F32\"",
          "\\u0000");

  @TempDir Path folder;

  @Test
  void survivesSafetensorsFilesOfRandomDamage() throws IOException {
    List<byte[]> good = new ArrayList<>(seeds(true));
    good.add(Files.readAllBytes(SafetensorsTest.golden("reference.safetensors")));
    List<byte[]> bad = seeds(false);
    int opened = 0;
    for (int i = 0; i < 3000; i++) {
      Rng rng = Rng.seed(i);
      List<byte[]> seeds = rng.below(1, 3) == 0 ? bad : good;
      byte[] seed = seeds.get(rng.below(0, seeds.size()));
      byte[] bytes = rng.below(2, 2) == 0 ? damaged(seed, rng) : damagedHeader(seed, rng);
      Path file = Files.write(folder.resolve("f.safetensors"), bytes);
      try (TensorFile f = Safetensors.open(file)) {
        opened++;
        Scope.run("fuzz", () -> f.tensors().keySet().forEach(n -> readOrRefuse(f, n)));
      } catch (TensorFileException declared) {
        assertTrue(String.valueOf(declared.getMessage()).length() < 1000);
      }
    }
    assertTrue(opened > 100, "only " + opened + " files could be opened: too much damage");
  }

  @Test
  void survivesNumpyFilesOfRandomDamage() throws IOException {
    byte[] seed = Files.readAllBytes(SafetensorsTest.golden("f4.npy"));
    int read = 0;
    for (int i = 0; i < 2000; i++) {
      Path file = Files.write(folder.resolve("f.npy"), damaged(seed, Rng.seed(i)));
      try {
        Npy.read(file);
        read++;
      } catch (TensorFileException declared) {
        assertTrue(String.valueOf(declared.getMessage()).length() < 1000);
      }
    }
    assertTrue(read > 50, "only " + read + " files could be read: too much damage");
  }

  private static List<byte[]> seeds(boolean good) {
    return SafetensorsCorpus.all().stream()
        .filter(c -> (c.error() == null) == good && c.bytes().length < 4096)
        .map(SafetensorsCorpus.Case::bytes)
        .toList();
  }

  private static void readOrRefuse(TensorFile f, String name) {
    try {
      assertTrue(f.read(name).size() >= 0);
    } catch (TensorFileException declared) {
      assertTrue(String.valueOf(declared.getMessage()).contains("tensor "));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Damage to the header's text or the data, with the header's length put right again. */
  private static byte[] damagedHeader(byte[] seed, Rng rng) {
    if (seed.length < 8) {
      return seed;
    }
    ByteBuffer b = ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN);
    int end = 8 + Math.clamp(b.getLong(), 0, seed.length - 8);
    byte[] header = Arrays.copyOfRange(seed, 8, end);
    byte[] data = Arrays.copyOfRange(seed, end, seed.length);
    if (rng.below(4, 2) == 0 && data.length > 0) {
      data[rng.below(5, data.length)] = (byte) rng.below(6, 256);
    } else {
      header = damaged(header, rng);
    }
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  /** One to three changes: a flipped bit, a random byte, a cut, an insertion, a token. */
  private static byte[] damaged(byte[] seed, Rng rng) {
    byte[] b = seed.clone();
    int changes = 1 + rng.below(1, 3);
    for (int c = 0; c < changes && b.length > 0; c++) {
      Rng r = rng.split(c);
      int at = r.below(1, Math.min(b.length, 400));
      switch (r.below(0, 5)) {
        case 0 -> b[at] ^= (byte) (1 << r.below(2, 8));
        case 1 -> b[at] = (byte) r.below(2, 256);
        case 2 -> b = Arrays.copyOf(b, at);
        case 3 -> b = spliced(b, at, new byte[r.below(2, 9)]);
        default ->
            b =
                spliced(
                    b, at, TOKENS.get(r.below(2, TOKENS.size())).getBytes(StandardCharsets.UTF_8));
      }
    }
    return b;
  }

  private static byte[] spliced(byte[] b, int at, byte[] insert) {
    byte[] longer = new byte[b.length + insert.length];
    System.arraycopy(b, 0, longer, 0, at);
    System.arraycopy(insert, 0, longer, at, insert.length);
    System.arraycopy(b, at, longer, at + insert.length, b.length - at);
    return longer;
  }
}
