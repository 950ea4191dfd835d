package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the bytes of one tensor lie, and how to read them.
 *
 * @param dtype a floating-point type
 * @param shape the shape in the file
 * @param transposed whether the file has a matrix as {@code [in, out]}
 * @param bytes exactly the little-endian elements, row-major
 * @param crc32c the checksum the bytes must have, or {@link #UNCHECKED}
 */
record StoredTensor(
    DType dtype, Shape shape, boolean transposed, MemorySegment bytes, long crc32c) {
  /** No checksum is known. */
  static final long UNCHECKED = -1;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int TILE = 32;

  /** Checks what the readers before must have made sure of. */
  StoredTensor {
    if (!dtype.isFloating()
        || bytes.byteSize() != (long) shape.size() * dtype.bytes()
        || (transposed && shape.rank() != 2)) {
      throw new IllegalArgumentException(
          "%d bytes are not a %s%s".formatted(bytes.byteSize(), dtype, shape));
    }
  }

  /** The shape after turning a matrix to {@code [out, in]}. */
  Shape outShape() {
    return transposed ? Shape.of(shape.dim(1), shape.dim(0)) : shape;
  }

  /** Whether the bytes are those that were written, as far as a checksum can tell. */
  boolean isIntact() {
    return crc32c == UNCHECKED || Crc32c.of(bytes) == crc32c;
  }

  /** Reads the elements as F32 onto the current back end. */
  Tensor read() {
    Tensor result = Tensor.emptyOnHost(outShape(), DType.F32);
    float[] to = result.heap().floats();
    if (transposed) {
      float[] straight = new float[shape.size()];
      copy(straight);
      transpose(straight, shape.dim(0), shape.dim(1), to);
    } else {
      copy(to);
    }
    return result.to(Backends.current());
  }

  private void copy(float[] to) {
    int n = shape.size();
    switch (dtype) {
      case F32 -> MemorySegment.copy(bytes, FLOAT, 0, to, 0, n);
      case F64 -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) bytes.getAtIndex(DOUBLE, i);
        }
      }
      case F16 -> {
        for (int i = 0; i < n; i++) {
          to[i] = Float.float16ToFloat(bytes.getAtIndex(SHORT, i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          to[i] = Float.intBitsToFloat(bytes.getAtIndex(SHORT, i) << 16);
        }
      }
      default -> throw new IllegalStateException("not a floating-point type: " + dtype);
    }
  }

  /** By tiles, so that neither side walks through memory in page-sized steps. */
  private static void transpose(float[] from, int rows, int columns, float[] to) {
    for (int r0 = 0; r0 < rows; r0 += TILE) {
      int r1 = Math.min(rows, r0 + TILE);
      for (int c0 = 0; c0 < columns; c0 += TILE) {
        int c1 = Math.min(columns, c0 + TILE);
        for (int c = c0; c < c1; c++) {
          for (int r = r0; r < r1; r++) {
            to[c * rows + r] = from[r * columns + c];
          }
        }
      }
    }
  }
}
