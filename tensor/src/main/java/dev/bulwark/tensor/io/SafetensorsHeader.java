package dev.bulwark.tensor.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON at the head of a safetensors file, checked against the rules of the format: tensors
 * cover the rest of the file in order, without gap or overlap, each with the bytes that its type
 * and shape need.
 */
final class SafetensorsHeader {
  /** Longest header that readers accept. */
  static final int MAX_BYTES = 100_000_000;

  /** Key that holds free text instead of a tensor. */
  static final String METADATA = "__metadata__";

  /** A tensor and where its bytes are, counted from the end of the header. */
  record Entry(TensorInfo info, StoredType type, long begin, long end) {}

  private final Path file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private Map<String, String> metadata = Map.of();

  private SafetensorsHeader(Path file) {
    this.file = file;
  }

  /** Parses the header's bytes; dataBytes is the size of the file without them. */
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes)
      throws TensorFileException {
    SafetensorsHeader header = new SafetensorsHeader(file);
    if (json.length == 0 || json[0] != '{') {
      throw header.broken(null, "has a header that does not start with '{'");
    }
    Map<String, @Nullable Object> root;
    try {
      root = Json.object(Json.parse(json));
    } catch (JsonException e) {
      throw new TensorFileException(
          file,
          null,
          "has a header that is not strict JSON (" + e.getMessage() + ")",
          TensorFileException.DAMAGED,
          e);
    }
    for (Map.Entry<String, @Nullable Object> e : root.entrySet()) {
      if (e.getKey().equals(METADATA)) {
        header.metadata = header.texts(e.getValue());
      } else {
        header.entries.put(e.getKey(), header.entry(e.getKey(), e.getValue()));
      }
    }
    header.checkCoverage(dataBytes);
    return header;
  }

  Map<String, Entry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private Map<String, String> texts(@Nullable Object value) throws TensorFileException {
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw broken(null, "has " + METADATA + " that is " + Json.name(value) + ", not an object");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> e : map.entrySet()) {
      if (!(e.getValue() instanceof String text)) {
        String key = TensorFileException.quote(String.valueOf(e.getKey()));
        throw broken(
            null, "has " + METADATA + " entry " + key + " that is " + Json.name(e.getValue()));
      }
      texts.put(String.valueOf(e.getKey()), text);
    }
    return Collections.unmodifiableMap(texts);
  }

  private Entry entry(String name, @Nullable Object value) throws TensorFileException {
    if (!(value instanceof Map<?, ?> fields)) {
      throw broken(name, "is described by " + Json.name(value) + ", not an object");
    }
    StoredType type = type(name, fields.get("dtype"));
    long[] shape = sizes(name, "shape", fields.get("shape"));
    long[] offsets = sizes(name, "data_offsets", fields.get("data_offsets"));
    if (offsets.length != 2) {
      throw broken(name, "has " + offsets.length + " data_offsets, not 2");
    }
    long bytes = bytes(name, type, shape);
    TensorInfo info = new TensorInfo(name, type.name(), type.read(), shape, bytes);
    return new Entry(info, type, offsets[0], offsets[1]);
  }

  private StoredType type(String name, @Nullable Object value) throws TensorFileException {
    for (StoredType type : StoredType.values()) {
      if (type.name().equals(value)) {
        return type;
      }
    }
    String found = value instanceof String s ? TensorFileException.quote(s) : Json.name(value);
    throw new TensorFileException(
        file,
        name,
        "has dtype " + found + ", which the format does not know",
        "write it again as F32, F16 or BF16");
  }

  private long[] sizes(String name, String field, @Nullable Object value)
      throws TensorFileException {
    if (!(value instanceof List<?> list)) {
      throw broken(name, "has " + field + " that is " + Json.name(value) + ", not an array");
    }
    long[] sizes = new long[list.size()];
    for (int i = 0; i < sizes.length; i++) {
      if (!(list.get(i) instanceof Long n) || n < 0) {
        String found = Json.name(list.get(i));
        throw broken(name, "has " + found + " in its " + field + ", not a whole number from 0");
      }
      sizes[i] = n;
    }
    return sizes;
  }

  private long bytes(String name, StoredType type, long[] shape) throws TensorFileException {
    try {
      long bits = type.bits();
      long elements = 1;
      for (long d : shape) {
        elements = Math.multiplyExact(elements, d);
      }
      bits = Math.multiplyExact(bits, elements);
      if (bits % 8 == 0) {
        return bits / 8;
      }
    } catch (ArithmeticException overflow) {
      throw broken(name, "has shape " + Arrays.toString(shape) + ", which overflows 64 bits");
    }
    throw broken(name, "of " + type + " " + Arrays.toString(shape) + " does not fill whole bytes");
  }

  /** Tensors, ordered by offset, must follow one another from 0 to the end of the file. */
  private void checkCoverage(long dataBytes) throws TensorFileException {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry e : ordered) {
      String name = e.info().name();
      if (e.begin() != at) {
        String how = e.begin() > at ? "leaves a gap" : "overlaps another tensor";
        throw broken(name, how + ": it begins at byte " + e.begin() + ", not " + at);
      }
      if (e.end() < e.begin()) {
        throw broken(name, "ends at byte " + e.end() + " before it begins at " + e.begin());
      }
      if (e.end() - e.begin() != e.info().bytes()) {
        throw broken(
            name,
            "has %d bytes, but %s %s needs %d"
                .formatted(
                    e.end() - e.begin(),
                    e.type(),
                    Arrays.toString(e.info().shape()),
                    e.info().bytes()));
      }
      at = e.end();
    }
    if (at != dataBytes) {
      String how = at > dataBytes ? "is cut short" : "has bytes that belong to no tensor";
      throw broken(null, how + ": tensors need " + at + " bytes, " + dataBytes + " are there");
    }
  }

  private TensorFileException broken(@Nullable String tensor, String problem) {
    return new TensorFileException(file, tensor, problem, TensorFileException.DAMAGED);
  }
}
