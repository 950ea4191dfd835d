package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.BFloat16;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.backend.HeapBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Fill, copy, conversion; and the way to the host and back. */
final class Copies {
  private static final Kernel CONVERT = Program.COPIES.kernel("bk_convert");

  private final Work work;

  Copies(Work work) {
    this.work = work;
  }

  void fill(Tensor y, double value) {
    Kernel kernel = Program.COPIES.kernel("bk_fill" + 8 * y.dtype().bytes());
    long bits = bits(y.dtype(), value);
    View.each(
        v -> work.launch(kernel, Grid.over(v.size()), y, v.of(0), v.dims(), v.size(), bits), y);
  }

  /** Either operand may live on the host. */
  void copy(Tensor x, Tensor y) {
    x.buffer().checkLive();
    y.buffer().checkLive();
    if (x.size() == 0) {
      return;
    }
    if (x.backend().isHost()) {
      upload(x, y);
    } else if (y.backend().isHost()) {
      download(x, y);
    } else if (x.dtype() == y.dtype()) {
      Kernel kernel = Program.COPIES.kernel("bk_copy" + 8 * x.dtype().bytes());
      View.each(
          v -> work.launch(kernel, Grid.over(v.size()), x, v.of(0), y, v.of(1), v.dims(), v.size()),
          x,
          y);
    } else {
      View.each(
          v ->
              work.launch(
                  CONVERT,
                  Grid.over(v.size()),
                  x,
                  Codes.of(x.dtype()),
                  v.of(0),
                  y,
                  Codes.of(y.dtype()),
                  v.of(1),
                  v.dims(),
                  v.size()),
          x,
          y);
    }
  }

  private void upload(Tensor x, Tensor y) {
    if (y.isContiguous() && x.dtype() == y.dtype()) {
      Tensor dense = x.contiguous();
      work.write(bytes(dense), y);
      boolean all = y.dtype() == DType.I32 && y.size() == y.buffer().size();
      work.buffer(y).know(all ? dense.toInts() : null);
    } else {
      Tensor near = Tensor.empty(x.shape(), x.dtype(), y.backend());
      upload(x, near);
      copy(near, y);
    }
  }

  private void download(Tensor x, Tensor y) {
    int @Nullable [] known = known(x);
    if (x.dtype() != y.dtype()) {
      download(x.cast(y.dtype()), y);
    } else if (known != null && x.isContiguous() && y.isContiguous()) {
      System.arraycopy(known, x.offset(), y.heap().ints(), y.offset(), x.size());
    } else if (y.isContiguous()) {
      work.read(x.contiguous(), bytes(y));
    } else {
      Tensor far = Tensor.empty(x.shape(), x.dtype(), Backends.reference());
      download(x, far);
      y.kernels().copy(far, y);
    }
  }

  private int @Nullable [] known(Tensor x) {
    return x.dtype() == DType.I32 ? work.buffer(x).known() : null;
  }

  /** The bytes of a contiguous tensor on the host. */
  private static MemorySegment bytes(Tensor t) {
    HeapBuffer heap = t.heap();
    MemorySegment all =
        switch (t.dtype()) {
          case F64 -> MemorySegment.ofArray(heap.doubles());
          case F32 -> MemorySegment.ofArray(heap.floats());
          case BF16, F16 -> MemorySegment.ofArray(heap.shorts());
          case I64 -> MemorySegment.ofArray(heap.longs());
          case I32 -> MemorySegment.ofArray(heap.ints());
          case U8 -> MemorySegment.ofArray(heap.bytes());
        };
    long width = t.dtype().bytes();
    return all.asSlice(t.offset() * width, t.size() * width);
  }

  /** The number as an element of a type, in the low bits. */
  private static long bits(DType dtype, double value) {
    return switch (dtype) {
      case F64 -> Double.doubleToRawLongBits(value);
      case F32 -> Float.floatToRawIntBits((float) value);
      case BF16 -> BFloat16.fromFloat((float) value);
      case F16 -> Float.floatToFloat16((float) value);
      case I64 -> (long) value;
      case I32 -> (int) value;
      case U8 -> (int) value;
    };
  }
}
