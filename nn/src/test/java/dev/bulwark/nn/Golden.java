package dev.bulwark.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.Safetensors;
import dev.bulwark.tensor.io.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Golden tensors written by src/test/oracle/bert_golden.py (torch and transformers). */
public final class Golden {
  private final Map<String, Tensor> tensors;

  private Golden(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** A resource of the golden folder. */
  public static InputStream open(String file) {
    return Objects.requireNonNull(
        Golden.class.getResourceAsStream("/dev/bulwark/nn/golden/" + file), file);
  }

  /** All tensors of a golden file. */
  public static Golden tensors(String name) {
    try (InputStream in = open(name + ".safetensors")) {
      Path copy = Files.createTempFile("golden", ".safetensors");
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        Map<String, Tensor> all = new LinkedHashMap<>();
        try (TensorFile file = Safetensors.open(copy)) {
          for (String n : file.tensors().keySet()) {
            all.put(n, file.read(n).copy().to(Backends.current()));
          }
        }
        return new Golden(all);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All tensors by name. */
  public Map<String, Tensor> all() {
    return tensors;
  }

  /** A tensor that must be there. */
  public Tensor get(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  /** The batch of "ids", "types" (if there) and "mask". */
  public TokenBatch batch() {
    Tensor ids = get("ids");
    int[] types = tensors.containsKey("types") ? get("types").toInts() : new int[ids.size()];
    return new TokenBatch(ids.dim(0), ids.dim(1), ids.toInts(), types, get("mask").toInts());
  }

  /** Fails unless |actual - expected| is within a tolerance everywhere. */
  public static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape(), what);
    double[] e = expected.cast(DType.F64).toDoubles();
    double[] a = actual.toDoubles();
    for (int i = 0; i < e.length; i++) {
      if (!(Math.abs(e[i] - a[i]) <= tolerance)) {
        fail(
            what
                + " differs at element "
                + i
                + ": expected "
                + e[i]
                + ", got "
                + a[i]
                + ", tolerance "
                + tolerance);
      }
    }
  }
}
