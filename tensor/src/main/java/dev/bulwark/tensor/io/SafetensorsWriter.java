package dev.bulwark.tensor.io;

import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lays tensors out like the reference writer: wide types first, then by name, after a header padded
 * to 8 bytes, so that every tensor is aligned to its type.
 */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, Tensor>> order = new ArrayList<>(new TreeMap<>(tensors).entrySet());
    order.sort(
        Comparator.comparing((Map.Entry<String, Tensor> e) -> type(e.getValue())).reversed());
    byte[] header = header(file, order, metadata);
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer start = ByteBuffer.allocate(8 + header.length);
          start.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).flip();
          Elements.writeFully(channel, start);
          for (Map.Entry<String, Tensor> e : order) {
            Elements.write(channel, e.getValue());
          }
        });
  }

  private static StoredType type(Tensor t) {
    return StoredType.of(t.dtype());
  }

  private static byte[] header(
      Path file, List<Map.Entry<String, Tensor>> order, Map<String, String> metadata)
      throws TensorFileException {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
    }
    long at = 0;
    for (Map.Entry<String, Tensor> each : order) {
      String name = each.getKey();
      Tensor t = each.getValue();
      if (name.equals(SafetensorsHeader.METADATA)) {
        throw new TensorFileException(
            file, name, "has a name that the format keeps for itself", "name it otherwise");
      }
      long end = at + (long) t.size() * t.dtype().bytes();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", type(t).name());
      entry.put("shape", Arrays.stream(t.shape().dims()).boxed().toList());
      entry.put("data_offsets", List.of(at, end));
      root.put(name, entry);
      at = end;
    }
    byte[] json;
    try {
      json = Json.write(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonException e) {
      throw new TensorFileException(
          file, null, "would get a header that is no JSON: " + e.getMessage(), "rename it", e);
    }
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    if (padded.length > SafetensorsHeader.MAX_BYTES) {
      throw new TensorFileException(
          file, null, "would get a header beyond what readers accept", "write several files");
    }
    return padded;
  }
}
