package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.ShapeException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of an ONNX file, its elements not yet looked at. Field numbers are those of {@code
 * onnx.proto3}.
 *
 * @param where what to call the file
 * @param name its name; empty inside a constant
 * @param type ONNX's number of the element type
 * @param dims sizes as they stand in the file, at most eight
 * @param data the elements as little-endian bytes, if the file has them so
 * @param external whether the elements are in another file
 */
record OnnxTensor(
    String where,
    String name,
    int type,
    long[] dims,
    @Nullable MemorySegment data,
    boolean external) {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST_NAME = 1_000;
  private static final int INT64 = 7;

  /** What an element type means to a reader of weights. */
  enum Kind {
    /** Weights. */
    FLOATING,
    /** Position ids and the like. */
    INTEGER,
    /** Weights squeezed into few bits. */
    QUANTISED,
    /** Strings, complex numbers, and what may come. */
    OTHER
  }

  static OnnxTensor read(ProtoReader reader, String where) {
    String name = "";
    long type = 0;
    long[] dims = new long[Shape.MAX_RANK];
    int rank = 0;
    MemorySegment raw = null;
    MemorySegment typed = null;
    boolean external = false;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> rank = dims(reader, dims, rank);
        case 2 -> type = reader.varint();
        case 4, 10 -> { // float_data, double_data
          if (typed != null || !reader.isDelimited()) {
            throw reader.bad("the elements of a tensor come in pieces; store them as raw_data");
          }
          typed = reader.slice();
        }
        case 8 -> name = reader.string(LONGEST_NAME);
        case 9 -> raw = reader.slice();
        case 13 -> {
          external = true;
          reader.skip();
        }
        case 14 -> external |= reader.varint() != 0;
        default -> reader.skip();
      }
    }
    return new OnnxTensor(
        where,
        name,
        type < 0 || type > 1000 ? -1 : (int) type,
        Arrays.copyOf(dims, rank),
        raw != null && raw.byteSize() > 0 ? raw : typed,
        external);
  }

  private static int dims(ProtoReader reader, long[] dims, int known) {
    int rank = known;
    if (!reader.isDelimited()) {
      return put(reader, dims, rank, reader.varint());
    }
    ProtoReader list = reader.message();
    while (!list.atEnd()) {
      rank = put(reader, dims, rank, list.rawVarint());
    }
    return rank;
  }

  private static int put(ProtoReader reader, long[] dims, int rank, long dim) {
    if (rank == dims.length) {
      throw reader.bad("a tensor has more than " + dims.length + " dimensions");
    }
    dims[rank] = dim;
    return rank + 1;
  }

  Kind kind() {
    return switch (type) {
      case 1, 10, 11, 16 -> Kind.FLOATING;
      case 5, 6, INT64, 9, 12, 13 -> Kind.INTEGER;
      case 2, 3, 4, 17, 18, 19, 20, 21, 22, 23 -> Kind.QUANTISED;
      default -> Kind.OTHER;
    };
  }

  /** The elements of a floating-point tensor, after checking that they are all there. */
  StoredTensor stored(boolean transposed) {
    if (external) {
      throw bad("its elements are in another file, which is not read; save the model as one file");
    }
    Shape shape = shape();
    DType dtype =
        switch (type) {
          case 1 -> DType.F32;
          case 10 -> DType.F16;
          case 11 -> DType.F64;
          case 16 -> DType.BF16;
          default -> throw bad("element type " + type + " is not a floating-point type");
        };
    MemorySegment bytes = data == null ? MemorySegment.NULL : data;
    if (bytes.byteSize() != (long) shape.size() * dtype.bytes()) {
      throw bad(
          "%d bytes of elements are stored where %s%s needs %d"
              .formatted(bytes.byteSize(), dtype, shape, (long) shape.size() * dtype.bytes()));
    }
    if (transposed && shape.rank() != 2) {
      throw bad("it is used as a matrix but has shape " + shape);
    }
    return new StoredTensor(dtype, shape, transposed, bytes, StoredTensor.UNCHECKED);
  }

  /** The value, if this is one integer, else a default. */
  long integerOr(long otherwise) {
    return type == INT64 && data != null && data.byteSize() == 8 ? data.get(LONG, 0) : otherwise;
  }

  int rank() {
    return dims.length;
  }

  private Shape shape() {
    try {
      return Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
    } catch (ShapeException | ArithmeticException e) {
      throw new CheckpointException(
          where
              + ": the initialiser '"
              + name
              + "' has an impossible shape "
              + Arrays.toString(dims),
          e);
    }
  }

  CheckpointException bad(String rule) {
    return CheckpointException.at(where, "the initialiser '" + name + "' cannot be read: " + rule);
  }
}
