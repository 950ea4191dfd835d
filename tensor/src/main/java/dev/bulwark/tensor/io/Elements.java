package dev.bulwark.tensor.io;

import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.HeapBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/** Copies elements between the bytes of files and the arrays of contiguous host tensors. */
final class Elements {
  private static final int CHUNK_BYTES = 1 << 20;

  private Elements() {}

  /**
   * Fills a tensor.
   *
   * @throws ArithmeticException if a U64 does not fit I64
   */
  static void load(MemorySegment from, StoredType type, ByteOrder order, Tensor to) {
    HeapBuffer heap = to.heap();
    int at = to.offset();
    int n = to.size();
    switch (type) {
      case F64 ->
          MemorySegment.copy(
              from, ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), 0, heap.doubles(), at, n);
      case F32 ->
          MemorySegment.copy(
              from, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 0, heap.floats(), at, n);
      case F16, BF16 -> MemorySegment.copy(from, shorts(order), 0, heap.shorts(), at, n);
      case I64 -> MemorySegment.copy(from, longs(order), 0, heap.longs(), at, n);
      case I32 -> MemorySegment.copy(from, ints(order), 0, heap.ints(), at, n);
      case U8, BOOL -> MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, heap.bytes(), at, n);
      default -> widen(from, type, order, heap, at, n);
    }
  }

  private static void widen(
      MemorySegment from, StoredType type, ByteOrder order, HeapBuffer heap, int at, int n) {
    for (int i = 0; i < n; i++) {
      switch (type) {
        case I8 -> heap.ints()[at + i] = from.get(ValueLayout.JAVA_BYTE, i);
        case I16 -> heap.ints()[at + i] = from.getAtIndex(shorts(order), i);
        case U16 -> heap.ints()[at + i] = Short.toUnsignedInt(from.getAtIndex(shorts(order), i));
        case U32 -> heap.longs()[at + i] = Integer.toUnsignedLong(from.getAtIndex(ints(order), i));
        case U64 -> {
          long value = from.getAtIndex(longs(order), i);
          if (value < 0) {
            throw new ArithmeticException("U64 " + Long.toUnsignedString(value));
          }
          heap.longs()[at + i] = value;
        }
        default -> throw new IllegalArgumentException(type + " cannot be read");
      }
    }
  }

  /** Elements first to first + n of a contiguous tensor, at the start of a segment. */
  static void store(Tensor from, int first, int n, ByteOrder order, MemorySegment to) {
    HeapBuffer heap = from.heap();
    int at = from.offset() + first;
    switch (from.dtype()) {
      case F64 ->
          MemorySegment.copy(
              heap.doubles(), at, to, ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), 0, n);
      case F32 ->
          MemorySegment.copy(
              heap.floats(), at, to, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 0, n);
      case F16, BF16 -> MemorySegment.copy(heap.shorts(), at, to, shorts(order), 0, n);
      case I64 -> MemorySegment.copy(heap.longs(), at, to, longs(order), 0, n);
      case I32 -> MemorySegment.copy(heap.ints(), at, to, ints(order), 0, n);
      case U8 -> MemorySegment.copy(heap.bytes(), at, to, ValueLayout.JAVA_BYTE, 0, n);
    }
  }

  /** Writes all elements of any tensor in row-major order, little-endian. */
  static void write(FileChannel channel, Tensor tensor) throws IOException {
    Tensor near = tensor.backend().isHost() ? tensor : tensor.to(Backends.reference());
    Tensor host = near.contiguous();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    int width = host.dtype().bytes();
    int most = CHUNK_BYTES / width;
    for (int first = 0, n; first < host.size(); first += n) {
      n = Math.min(most, host.size() - first);
      store(host, first, n, ByteOrder.LITTLE_ENDIAN, MemorySegment.ofArray(chunk.array()));
      writeFully(channel, chunk.position(0).limit(n * width));
    }
    for (Tensor copy : List.of(near, host)) {
      if (!copy.buffer().equals(tensor.buffer())) {
        copy.buffer().release("its file was written");
      }
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ValueLayout.OfShort shorts(ByteOrder order) {
    return ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfInt ints(ByteOrder order) {
    return ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfLong longs(ByteOrder order) {
    return ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }
}
