package dev.bulwark.kernels.gpu;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables on the device of where sequences are cut into tiles of rows, as attention.bk takes them.
 * The last few are kept: all layers of a training step, forward and backward, share one upload.
 */
final class SequenceTiles {
  private static final int ROWS = 64;
  private static final int NUMBERS = 5; // of a tile
  private static final int KEPT = 16;

  private final Work work;
  private final Map<Offsets, Tensor> tables = new LinkedHashMap<>(16, 0.75f, true);

  SequenceTiles(Work work) {
    this.work = work;
  }

  private record Offsets(int[] values) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Offsets other && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  /** One row for each tile of each sequence; at least one. */
  synchronized Tensor of(AttentionCall call) {
    Offsets key = new Offsets(call.spec().offsets().clone());
    Tensor known = tables.get(key);
    if (known == null) {
      known = upload(numbers(key.values), call.q().backend());
      tables.put(key, known);
      if (tables.size() > KEPT) {
        tables.remove(tables.keySet().iterator().next()); // the collector frees it
      }
    }
    return known;
  }

  private Tensor upload(int[] numbers, Backend backend) {
    Shape shape = Shape.of(numbers.length / NUMBERS, NUMBERS);
    Tensor table = Tensor.empty(shape, DType.I32, backend).retain();
    work.write(MemorySegment.ofArray(numbers), table);
    return table;
  }

  private static int[] numbers(int[] offsets) {
    int tiles = 0;
    for (int b = 0; b + 1 < offsets.length; b++) {
      tiles += Math.ceilDiv(offsets[b + 1] - offsets[b], ROWS);
    }
    int[] numbers = new int[tiles * NUMBERS];
    int at = 0;
    long dropout = 0; // elements of one head in the sequences before
    for (int b = 0; b + 1 < offsets.length; b++) {
      int length = offsets[b + 1] - offsets[b];
      for (int first = 0; first < length; first += ROWS) {
        numbers[at++] = offsets[b];
        numbers[at++] = length;
        numbers[at++] = first;
        numbers[at++] = (int) dropout;
        numbers[at++] = (int) (dropout >>> 32);
      }
      dropout += (long) length * Math.ceilDiv(length, 4) * 4;
    }
    return numbers;
  }
}
