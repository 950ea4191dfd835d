package dev.bulwark.tensor.io;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.io.SafetensorsHeader.Entry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One safetensors file, mapped into memory: opening reads the header alone, reading a tensor copies
 * its bytes alone. Files may be larger than 2 GiB, tensors have up to 2^31 - 1 elements.
 *
 * <p>The format: 8 bytes N (little-endian), N bytes of JSON, then the tensors' bytes in the order
 * of their offsets. {@link #open(Path)} also takes the index of a model in several such files.
 */
public final class Safetensors implements TensorFile {
  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final SafetensorsHeader header;
  private final Map<String, TensorInfo> infos = new LinkedHashMap<>();

  private Safetensors(Path file, Arena arena, MemorySegment data, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.header = header;
    header.entries().forEach((name, e) -> infos.put(name, e.info()));
  }

  /**
   * Opens a file and checks its header.
   *
   * @param file a .safetensors file, or the .index.json of a model in several files
   * @return the open file
   * @throws TensorFileException if it breaks a rule of the format
   * @throws IOException if it cannot be read
   */
  public static TensorFile open(Path file) throws IOException {
    return file.toString().endsWith(".json")
        ? ShardedSafetensors.open(file)
        : Safetensors.openOne(file);
  }

  /**
   * Writes tensors to one file, all or nothing, with the metadata that PyTorch tools expect.
   *
   * @param file the file to make or replace
   * @param tensors tensors by name; BOOL cannot be told from U8 and is not written
   * @throws IOException if the file cannot be written; an old one is untouched then
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, Map.of("format", "pt"));
  }

  /**
   * Writes tensors to one file, all or nothing.
   *
   * @param file the file to make or replace
   * @param tensors tensors by name
   * @param metadata free texts by name
   * @throws IOException if the file cannot be written; an old one is untouched then
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter.write(file, tensors, metadata);
  }

  static Safetensors openOne(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw broken(file, "has %d bytes, fewer than the 8 it must start with".formatted(size));
      }
      long length = read(file, channel, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
        throw broken(
            file,
            "claims a header of %s bytes, more than the %d allowed"
                .formatted(Long.toUnsignedString(length), SafetensorsHeader.MAX_BYTES));
      }
      long dataBytes = size - 8 - length;
      if (dataBytes < 0) {
        throw broken(file, "claims a header of %d bytes, but has %d".formatted(length, size - 8));
      }
      byte[] json = read(file, channel, 8, (int) length).array();
      SafetensorsHeader header = SafetensorsHeader.parse(file, json, dataBytes);
      return map(file, channel, header, 8 + length, dataBytes);
    }
  }

  private static Safetensors map(
      Path file, FileChannel channel, SafetensorsHeader header, long at, long bytes)
      throws IOException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment data = channel.map(MapMode.READ_ONLY, at, bytes, arena);
      return new Safetensors(file, arena, data, header);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static ByteBuffer read(Path file, FileChannel channel, long at, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw broken(file, "became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(infos);
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Tensor read(String name) throws IOException {
    Entry e = header.entries().get(name);
    if (e == null) {
      throw noSuchTensor(file, name, infos);
    }
    if (e.type().read() == null) {
      throw new TensorFileException(
          file, name, "is stored as " + e.type() + ", which cannot be read", "write it as F32");
    }
    Tensor t = Tensor.emptyOnHost(shape(e), e.type().read());
    try {
      Elements.load(
          data.asSlice(e.begin(), e.end() - e.begin()), e.type(), ByteOrder.LITTLE_ENDIAN, t);
    } catch (ArithmeticException tooLarge) {
      throw new TensorFileException(
          file, name, "holds a U64 above 2^63 - 1", "write it as I64", tooLarge);
    } catch (InternalError unmapped) { // how the JVM reports a mapped page without a file behind it
      throw new TensorFileException(
          file,
          name,
          "could not be read",
          "the file was changed meanwhile; open it again",
          unmapped);
    }
    return t;
  }

  /** Size of all tensors, without the header. */
  long dataBytes() {
    return data.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }

  static TensorFileException noSuchTensor(Path file, String name, Map<String, TensorInfo> infos) {
    String some =
        infos.keySet().stream().limit(3).map(TensorFileException::quote).toList().toString();
    return new TensorFileException(
        file,
        name,
        "is not there",
        infos.isEmpty()
            ? "the file has no tensors"
            : "its " + infos.size() + " tensors are " + some + " and so on");
  }

  private Shape shape(Entry e) throws TensorFileException {
    int[] dims = new int[e.info().shape().length];
    try {
      for (int i = 0; i < dims.length; i++) {
        dims[i] = Math.toIntExact(e.info().shape()[i]);
      }
      return Shape.of(dims);
    } catch (ArithmeticException | ShapeException tooLarge) {
      throw new TensorFileException(
          file,
          e.info().name(),
          "has shape " + Arrays.toString(e.info().shape()) + ", beyond rank 8 or 2^31 - 1 elements",
          "split it before writing",
          tooLarge);
    }
  }

  private static TensorFileException broken(Path file, String problem) {
    return new TensorFileException(file, null, problem, TensorFileException.DAMAGED);
  }
}
