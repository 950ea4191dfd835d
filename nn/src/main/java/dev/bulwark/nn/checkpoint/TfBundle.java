package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of Google's BERT from a TensorFlow bundle: an index (a {@link SortedTable} of small
 * protocol-buffer messages) and one data file. Field numbers are those of {@code
 * tensor_bundle.proto}.
 */
final class TfBundle {
  private static final int FLOAT = 1;
  private static final int LITTLE_ENDIAN = 0;
  private static final String LAYER = "layer_";

  private TfBundle() {}

  /** An entry of the index. */
  private record Entry(
      String name, boolean isWeight, Shape shape, long offset, long size, int crc) {}

  /**
   * Finds the weights of a bundle.
   *
   * @param index the whole index file
   * @param data the whole data file
   * @param where what to call the bundle
   * @return all floating-point tensors but those of the optimiser, under Hugging Face names
   */
  static Weights read(MemorySegment index, MemorySegment data, String where) {
    Map<String, MemorySegment> table = SortedTable.read(index, where);
    MemorySegment header = table.remove("");
    if (header == null) {
      throw CheckpointException.at(where, "the index has no header");
    }
    checkHeader(new ProtoReader(header, where));
    List<Entry> entries = new ArrayList<>();
    for (var each : table.entrySet()) {
      entries.add(entry(each.getKey(), new ProtoReader(each.getValue(), where), where));
    }
    checkPlaces(entries, data.byteSize(), where);
    Map<String, StoredTensor> found = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (!entry.isWeight) {
        continue;
      }
      String name = huggingFaceName(entry.name);
      boolean kernel = entry.name.endsWith("/kernel") && entry.shape.rank() == 2;
      StoredTensor tensor =
          new StoredTensor(
              DType.F32,
              entry.shape,
              kernel,
              data.asSlice(entry.offset, entry.size),
              Crc32c.unmask(entry.crc));
      if (found.put(name, tensor) != null) {
        throw CheckpointException.at(where, "there are two tensors for '" + name + "'");
      }
    }
    return new StoredWeights(where, found);
  }

  private static void checkHeader(ProtoReader header) {
    long shards = 1;
    long endianness = LITTLE_ENDIAN;
    while (header.next()) {
      switch (header.field()) {
        case 1 -> shards = header.varint();
        case 2 -> endianness = header.varint();
        default -> header.skip();
      }
    }
    if (shards != 1) {
      throw header.bad("the bundle has " + shards + " data files; only one is read");
    }
    if (endianness != LITTLE_ENDIAN) {
      throw header.bad("the bundle is not little-endian");
    }
  }

  private static Entry entry(String name, ProtoReader reader, String where) {
    long type = 0;
    Shape shape = Shape.of();
    long shard = 0;
    long offset = 0;
    long size = 0;
    int crc = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> type = reader.varint();
        case 2 -> shape = shape(name, reader.message(), where);
        case 3 -> shard = reader.varint();
        case 4 -> offset = reader.varint();
        case 5 -> size = reader.varint();
        case 6 -> crc = reader.fixed32();
        case 7 -> throw reader.bad("the tensor '" + name + "' is stored in slices");
        default -> reader.skip();
      }
    }
    if (shard != 0) {
      throw reader.bad(
          "the tensor '" + name + "' is in data file " + shard + ", which is not read");
    }
    if (type == FLOAT && size != (long) shape.size() * DType.F32.bytes()) {
      throw reader.bad(
          "the tensor '%s' has %d bytes where shape %s needs %d"
              .formatted(name, size, shape, (long) shape.size() * DType.F32.bytes()));
    }
    boolean isWeight = type == FLOAT && !isOptimiserState(name);
    return new Entry(name, isWeight, shape, offset, size, crc);
  }

  private static Shape shape(String name, ProtoReader reader, String where) {
    int[] dims = new int[Shape.MAX_RANK];
    int rank = 0;
    try {
      while (reader.next()) {
        switch (reader.field()) {
          case 2 -> {
            long dim = 0;
            ProtoReader each = reader.message();
            while (each.next()) {
              if (each.field() == 1) {
                dim = each.varint();
              } else {
                each.skip();
              }
            }
            if (rank == dims.length) {
              throw reader.bad("the tensor '" + name + "' has more than 8 dimensions");
            }
            dims[rank++] = Math.toIntExact(dim);
          }
          case 3 -> throw reader.bad("the tensor '" + name + "' has no shape");
          default -> reader.skip();
        }
      }
      return Shape.of(Arrays.copyOf(dims, rank));
    } catch (ShapeException | ArithmeticException e) {
      throw new CheckpointException(
          where + ": the tensor '" + name + "' has an impossible shape", e);
    }
  }

  private static void checkPlaces(List<Entry> entries, long length, String where) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::offset));
    long end = 0;
    for (Entry e : sorted) {
      if (e.offset < 0 || e.offset > length || e.size > length - e.offset) {
        throw CheckpointException.at(
            where,
            "the tensor '%s' (%d bytes at %d) lies outside of the data file of %d bytes; is the file complete?"
                .formatted(e.name, e.size, e.offset, length));
      }
      if (e.offset < end && e.size > 0) {
        throw CheckpointException.at(where, "the tensor '" + e.name + "' overlaps another one");
      }
      end = Math.max(end, e.offset + e.size);
    }
  }

  private static boolean isOptimiserState(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return List.of(
            "adam_m",
            "adam_v",
            "AdamWeightDecayOptimizer",
            "AdamWeightDecayOptimizer_1",
            "global_step")
        .contains(last);
  }

  /**
   * The name Hugging Face's converter gives to a variable of Google's BERT: {@code
   * module/bert/encoder/layer_0/output/dense/kernel} is {@code
   * bert.encoder.layer.0.output.dense.weight}.
   */
  static String huggingFaceName(String name) {
    List<String> parts = new ArrayList<>(List.of(name.split("/", -1)));
    if (parts.getFirst().equals("module")) {
      parts.removeFirst();
    }
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.startsWith(LAYER)) {
        parts.set(i, "layer." + part.substring(LAYER.length()));
      }
    }
    if (!parts.isEmpty()) {
      String last =
          switch (parts.removeLast()) {
            case "kernel", "gamma", "output_weights" -> "weight";
            case "beta", "output_bias" -> "bias";
            case String table when table.endsWith("_embeddings") -> table + ".weight";
            case String other -> other;
          };
      parts.add(last);
    }
    return String.join(".", parts);
  }
}
