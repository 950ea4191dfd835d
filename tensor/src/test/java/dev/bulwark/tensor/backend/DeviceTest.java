package dev.bulwark.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.Tensors;
import dev.bulwark.tensor.io.Npy;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors whose memory is no Java array, as on a GPU. */
class DeviceTest {
  private static final Backend DEVICE = new Device();

  @TempDir Path folder;

  @Test
  void newTensorsLiveOnTheChosenBackEnd() {
    Tensor t = onDevice(Tensor.of(Shape.of(2), 1f, 2f));
    assertSame(DEVICE, t.backend());
    assertSame(DEVICE, Backends.with(DEVICE, () -> Tensor.scalar(3, DType.F32)).backend());
    assertSame(DEVICE, t.plus(t).backend());
    assertSame(DEVICE, Tensors.concat(0, List.of(t)).backend());
    assertTrue(
        Backends.with(DEVICE, () -> Tensor.emptyOnHost(Shape.of(2), DType.F32)).backend().isHost());
  }

  @Test
  void valuesAreReadThroughTheHost() {
    Tensor t = onDevice(Tensor.of(Shape.of(2), 1f, 2f));
    assertEquals("f32[2] [1.0, 2.0]", t.toString());
    assertArrayEquals(new int[] {2, 4}, t.plus(t).toInts());
    assertArrayEquals(new float[] {1, 2}, t.to(Backends.reference()).toFloats());
    var e = assertThrows(IllegalStateException.class, t::heap);
    assertEquals("tensor f32[2] lives on 'device'; copy it with to(...) first", e.getMessage());
  }

  @Test
  void filesAreWrittenThroughTheHost() throws IOException {
    Tensor t = onDevice(Tensor.of(Shape.of(2), 1f, 2f));
    Npy.write(folder.resolve("t.npy"), t);
    assertArrayEquals(new float[] {1, 2}, Npy.read(folder.resolve("t.npy")).toFloats());
    assertFalse(t.buffer().isReleased());
  }

  @Test
  void scopesReleaseDeviceMemory() {
    Tensor[] made = new Tensor[1];
    Scope.run("step", () -> made[0] = onDevice(Tensor.of(Shape.of(2), 1f, 2f)));
    assertTrue(((DeviceBuffer) made[0].buffer()).memory.buffer().isReleased());
  }

  private static Tensor onDevice(Tensor t) {
    return t.to(DEVICE);
  }

  /** Contiguous tensors only: memory is a host tensor that nobody else sees. */
  private static final class DeviceBuffer extends Buffer {
    final Tensor memory;

    DeviceBuffer(DType dtype, int size) {
      super(dtype, size);
      memory = Tensor.empty(Shape.of(size), dtype, Backends.reference());
    }

    @Override
    public Backend backend() {
      return DEVICE;
    }

    @Override
    protected void free() {
      memory.buffer().release("device memory freed");
    }
  }

  private static final class Device implements Backend {
    private final Kernels kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, args) ->
                    method.invoke(
                        Backends.reference().kernels(),
                        Arrays.stream(args).map(Device::local).toArray()));

    private static Object local(Object argument) {
      return argument instanceof Tensor t && t.buffer() instanceof DeviceBuffer b
          ? b.memory.slice(0, t.offset(), t.offset() + t.size()).reshape(t.shape().dims())
          : argument;
    }

    @Override
    public String name() {
      return "device";
    }

    @Override
    public Kernels kernels() {
      return kernels;
    }

    @Override
    public Buffer allocate(DType dtype, int size) {
      return new DeviceBuffer(dtype, size);
    }

    @Override
    public boolean isHost() {
      return false;
    }

    @Override
    public void synchronize() {}
  }
}
