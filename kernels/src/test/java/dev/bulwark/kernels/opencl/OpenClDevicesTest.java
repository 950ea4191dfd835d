package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Program;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Unary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every device opens by number; threads share one; compiled programs are kept. */
@Tag("opencl")
class OpenClDevicesTest {
  private static float[] twice(Backend backend) {
    Tensor x = Tensor.empty(Shape.of(1000), DType.F32, backend);
    backend.kernels().fill(x, 1.5);
    backend.kernels().affine(x, 2, 0.25, x);
    return x.toFloats();
  }

  @Test
  void eachDeviceWorks() {
    OpenClProvider provider = new OpenClProvider();
    List<DeviceInfo> devices = OpenCl.devices().devices();
    for (int i = 0; i < devices.size(); i++) {
      Backend backend = provider.open(i);
      assertEquals("opencl:" + i, backend.name());
      assertSame(backend, provider.open(i));
      assertEquals(3.25f, twice(backend)[999]);
      assertTrue(provider.probe().reason().contains(devices.get(i).model()));
    }
    assertSame(provider.open(), provider.open(0));
    boolean gpu = !devices.getFirst().isCpu();
    assertEquals(gpu ? 200 : -1, provider.rank());
    if (devices.size() > 1) {
      assertNotSame(provider.open(0), provider.open(1));
    }
  }

  @Test
  void threadsShareADevice() throws InterruptedException, ExecutionException {
    GpuBackend backend = OpenCl.backend();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int task = 0; task < 8; task++) {
      int value = task;
      tasks.add(() -> {
        int wrong = 0;
        for (int i = 0; i < 200; i++) {
          Tensor x = Tensor.empty(Shape.of(300), DType.F32, backend);
          backend.kernels().fill(x, value);
          Tensor y = Tensor.empty(Shape.of(300), DType.F32, backend);
          backend.kernels().unary(Unary.NEG, x, y);
          wrong += y.toFloats()[i] == -value ? 0 : 1;
        }
        return wrong;
      });
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> wrong : threads.invokeAll(tasks)) {
        assertEquals(0, wrong.get());
      }
    }
  }

  @Test
  void compiledProgramsAreKept(@TempDir Path temp) throws IOException {
    assertEquals(2, compiled(temp)); // copies and elementwise
    assertEquals(0, compiled(temp));
    List<Path> files;
    try (var all = Files.list(temp)) {
      files = all.toList();
    }
    assertEquals(2, files.size());
    Files.write(files.getFirst(), new byte[] {1, 2, 3}); // broken: only this one is built anew
    assertEquals(1, compiled(temp));
    assertEquals(0, compiled(temp));
    // Whole, but nothing that this driver knows.
    for (Path file : files) {
      String name = file.getFileName().toString();
      new BinaryCache(temp).write(name.substring(0, name.length() - 4), new byte[999]);
    }
    assertEquals(2, compiled(temp));
    assertEquals(0, compiled(temp));
  }

  private static int compiled(Path folder) {
    OpenClDevice device = OpenCl.devices().connect(0, new BinaryCache(folder), Program::source);
    assertEquals(3.25f, twice(new GpuBackend(device))[5]);
    return device.programs().compiled();
  }
}
