package dev.bulwark.tensor.io;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * NumPy's file of one array: versions 1 to 3, C and Fortran order, either byte order; floats,
 * integers and booleans. Object and structured arrays are refused: they need a pickle machine.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER_BYTES = 1 << 16;

  private Npy() {}

  /**
   * Reads an array; i1, i2 and u2 become I32, u4 and u8 become I64, b1 becomes U8.
   *
   * @param file a .npy file
   * @return a contiguous host tensor, owned by the current scope
   * @throws TensorFileException if the file breaks a rule of the format or has no tensor type
   * @throws IOException if it cannot be read
   */
  public static Tensor read(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(12 + MAX_HEADER_BYTES);
    }
    ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int length = headerLength(file, bytes);
    String text = new String(start, bytes.position(), length, StandardCharsets.UTF_8);
    int dataStart = bytes.position() + length;
    NpyHeader header = NpyHeader.parse(file, text);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long has = channel.size() - dataStart;
      long needs = header.elements() * header.type().bits() / 8;
      if (has != needs) {
        throw damaged(file, "needs " + needs + " bytes of elements and has " + has);
      }
      MemorySegment data = channel.map(MapMode.READ_ONLY, dataStart, needs, arena);
      return load(file, header, data);
    }
  }

  /**
   * Writes an array, all or nothing, in version 1 and C order.
   *
   * @param file the file to make or replace
   * @param tensor any tensor but BF16, which NumPy does not have
   * @throws IOException if the file cannot be written; an old one is untouched then
   */
  public static void write(Path file, Tensor tensor) throws IOException {
    byte[] header = header(file, tensor);
    AtomicFile.write(
        file,
        channel -> {
          Elements.writeFully(channel, ByteBuffer.wrap(header));
          Elements.write(channel, tensor);
        });
  }

  private static int headerLength(Path file, ByteBuffer bytes) throws TensorFileException {
    byte[] magic = new byte[6];
    if (bytes.remaining() >= 10) {
      bytes.get(magic);
    }
    if (!Arrays.equals(MAGIC, magic)) {
      throw new TensorFileException(
          file, null, "is not a NumPy array", "save it with numpy.save or name another file");
    }
    int version = bytes.get(6);
    if (version < 1 || version > 3) {
      throw damaged(file, "has version " + version + " of the format; 1 to 3 are known");
    }
    bytes.position(8);
    if (version > 1 && bytes.remaining() < 4) {
      throw damaged(file, "ends inside its header");
    }
    long length =
        version == 1
            ? Short.toUnsignedInt(bytes.getShort())
            : Integer.toUnsignedLong(bytes.getInt());
    if (length > MAX_HEADER_BYTES) {
      throw damaged(
          file, "claims a header of " + length + " bytes; " + MAX_HEADER_BYTES + " are allowed");
    }
    if (length > bytes.remaining()) {
      throw damaged(file, "ends inside its header");
    }
    return (int) length;
  }

  private static Tensor load(Path file, NpyHeader header, MemorySegment data)
      throws TensorFileException {
    DType dtype = header.type().read();
    if (dtype == null) {
      throw damaged(file, "has elements of type " + header.type());
    }
    int[] dims = new int[header.shape().length];
    try {
      for (int i = 0; i < dims.length; i++) {
        int from = header.fortranOrder() ? dims.length - 1 - i : i;
        dims[i] = Math.toIntExact(header.shape()[from]);
      }
      Tensor t = Tensor.emptyOnHost(Shape.of(dims), dtype);
      Elements.load(data, header.type(), header.order(), t);
      return header.fortranOrder() ? t.permute(reversed(dims.length)).contiguous() : t;
    } catch (ShapeException e) {
      throw new TensorFileException(
          file, null, "has a shape beyond tensors: " + e.getMessage(), "split the array", e);
    } catch (ArithmeticException e) {
      throw new TensorFileException(
          file, null, "has numbers beyond tensors: " + e.getMessage(), "save it as int64", e);
    }
  }

  private static int[] reversed(int rank) {
    int[] order = new int[rank];
    Arrays.setAll(order, i -> rank - 1 - i);
    return order;
  }

  private static byte[] header(Path file, Tensor tensor) throws TensorFileException {
    String type =
        switch (tensor.dtype()) {
          case F64 -> "<f8";
          case F32 -> "<f4";
          case F16 -> "<f2";
          case I64 -> "<i8";
          case I32 -> "<i4";
          case U8 -> "|u1";
          case BF16 ->
              throw new TensorFileException(
                  file, null, "would hold BF16, which NumPy does not have", "cast it to F32");
        };
    String dims =
        Arrays.stream(tensor.shape().dims())
            .mapToObj(d -> d + ",")
            .collect(Collectors.joining(" ", "(", ")"));
    if (tensor.rank() > 1) {
      dims = dims.replace(",)", ")");
    }
    String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + dims + ", }";
    int total = (10 + text.length() + 1 + 63) / 64 * 64; // the elements start at a multiple of 64
    ByteBuffer bytes = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - 10));
    bytes.put(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.remaining() > 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }

  private static TensorFileException damaged(Path file, String problem) {
    return new TensorFileException(file, null, problem, TensorFileException.DAMAGED);
  }
}
