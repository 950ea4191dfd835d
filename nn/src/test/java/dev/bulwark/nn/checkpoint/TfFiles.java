package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Writes TensorFlow bundles. */
final class TfFiles {
  private final TreeMap<String, byte[]> entries = new TreeMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  TfFiles() {
    entries.put("", new ProtoWriter().varint(1, 1).toBytes());
  }

  /** A bundle of {@link TinyBert} with a masked-LM bias and an optimiser's leftovers. */
  static TfFiles tinyBert() {
    TfFiles bundle = new TfFiles();
    for (Map.Entry<String, Shape> each : TinyBert.shapes().entrySet()) {
      String name = each.getKey();
      Shape shape = each.getValue();
      boolean kernel = TinyBert.isLinear(name);
      Shape stored = kernel ? Shape.of(shape.dim(1), shape.dim(0)) : shape;
      bundle.put(
          "module/bert/" + googleName(name),
          stored,
          TinyBert.bytes(TinyBert.values(name, shape), shape, kernel));
    }
    bundle.put(
        "module/cls/predictions/output_bias",
        Shape.of(TinyBert.VOCABULARY),
        new byte[4 * TinyBert.VOCABULARY]);
    bundle.put("module/bert/pooler/dense/kernel/adam_m", Shape.of(1), new byte[4]);
    return bundle;
  }

  private static String googleName(String name) {
    String path = name.replace("layer.0", "layer_0").replace('.', '/');
    if (name.contains("LayerNorm")) {
      return path.replace("/weight", "/gamma").replace("/bias", "/beta");
    }
    return name.contains("embeddings")
        ? path.replace("/weight", "")
        : path.replace("/weight", "/kernel");
  }

  TfFiles put(String name, Shape shape, byte[] bytes) {
    int crc = Crc32c.mask(Crc32c.of(MemorySegment.ofArray(bytes)));
    return entry(name, message(shape, data.size(), bytes.length, crc), bytes);
  }

  TfFiles entry(String name, ProtoWriter message, byte[] bytes) {
    entries.put(name, message.toBytes());
    data.writeBytes(bytes);
    return this;
  }

  static ProtoWriter message(Shape shape, long offset, long size, int crc) {
    ProtoWriter dims = new ProtoWriter();
    for (int dim : shape.dims()) {
      dims.message(2, new ProtoWriter().varint(1, dim));
    }
    return new ProtoWriter()
        .varint(1, 1)
        .message(2, dims)
        .varint(4, offset)
        .varint(5, size)
        .fixed32(6, crc);
  }

  byte[] data() {
    return data.toByteArray();
  }

  /** The index as a sorted table with two data blocks. */
  byte[] index() {
    return index(UnaryOperator.identity());
  }

  /** The index with the blocks changed before they get their checksums. */
  byte[] index(UnaryOperator<byte[]> damage) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    String middle = entries.keySet().stream().skip(entries.size() / 2).findFirst().orElse("");
    ProtoWriter first = block(file, damage.apply(block(entries.headMap(middle))));
    ProtoWriter second = block(file, damage.apply(block(entries.tailMap(middle))));
    ProtoWriter filters = block(file, block(new TreeMap<>()));
    TreeMap<String, byte[]> handles = new TreeMap<>();
    handles.put("a", first.toBytes());
    handles.put("z", second.toBytes());
    ProtoWriter index = block(file, damage.apply(block(handles)));
    ByteBuffer footer = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    footer.put(filters.toBytes()).put(index.toBytes());
    footer.putLong(40, 0xdb4775248b80fb57L);
    file.writeBytes(footer.array());
    return file.toByteArray();
  }

  private static byte[] block(Map<String, byte[]> entries) {
    ProtoWriter out = new ProtoWriter();
    byte[] last = {};
    for (Map.Entry<String, byte[]> each : entries.entrySet()) {
      byte[] key = each.getKey().getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      while (shared < Math.min(key.length, last.length) && key[shared] == last[shared]) {
        shared++;
      }
      out.raw(shared).raw(key.length - shared).raw(each.getValue().length);
      out.rawBytes(Arrays.copyOfRange(key, shared, key.length)).rawBytes(each.getValue());
      last = key;
    }
    return out.rawBytes(new byte[] {0, 0, 0, 0, 1, 0, 0, 0}).toBytes();
  }

  /** Appends a block with its trailer and gives its handle. */
  private static ProtoWriter block(ByteArrayOutputStream file, byte[] block) {
    ProtoWriter handle = new ProtoWriter().raw(file.size()).raw(block.length);
    byte[] typed = Arrays.copyOf(block, block.length + 1);
    int crc = Crc32c.mask(Crc32c.of(MemorySegment.ofArray(typed)));
    file.writeBytes(typed);
    file.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(crc).array());
    return handle;
  }
}
