package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Device memory comes back, and copies of any size arrive whole. */
@Tag("opencl")
class OpenClMemoryTest {
  @Test
  void aMillionTinyAllocationsReuseOneBlock() {
    GpuBackend backend = OpenCl.backend();
    for (int i = 0; i < 1_000_000; i++) {
      backend.allocate(DType.F32, 3).release("test");
    }
    assertEquals(0, backend.statistics().usedBytes());
    assertTrue(backend.statistics().cachedBytes() < 10_000, "all but one reused the first block");
  }

  @Test
  void whatTheGarbageCollectorTakesComesBack() throws InterruptedException {
    GpuBackend backend = OpenCl.backend();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 100; i++) {
        Tensor t = Tensor.empty(Shape.of(1 << 16), DType.F32, backend);
        backend.kernels().fill(t, i);
      }
      backend.synchronize();
      System.gc();
      Thread.sleep(20);
    }
    for (int i = 0; i < 100 && backend.statistics().usedBytes() > 0; i++) {
      System.gc();
      Thread.sleep(50);
    }
    assertEquals(0, backend.statistics().usedBytes());
    assertTrue(backend.statistics().cachedBytes() < 2000L << 18, "later rounds reused blocks");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        511,
        (4 << 20) - 1,
        4 << 20,
        (4 << 20) + 1,
        8 << 20,
        (12 << 20) + 5,
        (16 << 20) + 3
      })
  void copiesArriveWhole(int bytes) {
    Device device = OpenCl.device();
    byte[] sent = new byte[bytes];
    new Random(bytes).nextBytes(sent);
    Memory memory = device.allocate(bytes + 7L);
    byte[] mutable = sent.clone();
    device.write(MemorySegment.ofArray(mutable), memory, 7);
    Arrays.fill(mutable, (byte) 1); // the source is free again
    byte[] received = new byte[bytes];
    device.read(memory, 7, MemorySegment.ofArray(received));
    assertArrayEquals(sent, received);
    device.write(MemorySegment.ofArray(new byte[] {42}), memory, 7);
    byte[] first = new byte[1];
    device.read(memory, 7, MemorySegment.ofArray(first));
    assertEquals(42, first[0]);
    device.free(memory);
  }
}
