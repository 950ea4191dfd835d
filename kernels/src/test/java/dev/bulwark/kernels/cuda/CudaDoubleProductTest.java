package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Product;
import dev.bulwark.tensor.backend.Precision;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Products reach cuBLAS as they were asked for, and what cuBLAS refuses is told. */
@Tag(CudaDouble.TAG)
class CudaDoubleProductTest {
  private CudaDouble cuda;
  private Device device;

  @BeforeEach
  void open() {
    cuda = CudaDouble.require();
    cuda.reset();
    cuda.set("quiet", 1);
    device = ((GpuBackend) CudaDevices.find().open(0)).device();
  }

  private Memory floats(float... values) {
    Memory memory = device.allocate(4L * values.length);
    device.write(MemorySegment.ofArray(values), memory, 0);
    return memory;
  }

  private float[] read(Memory memory) {
    float[] values = new float[(int) memory.bytes() / 4];
    device.read(memory, 0, MemorySegment.ofArray(values));
    return values;
  }

  /** c = a b of one number each. */
  private float times(float a, float b, Precision precision) {
    Memory c = floats(Float.NaN);
    var one = new Product.Matrix(floats(a), 0, 1, 1, 0);
    var other = new Product.Matrix(floats(b), 0, 1, 1, 0);
    assertTrue(
        device.product(
            new Product(
                1, 1, 1, 1, 1f, one, other, 0f, new Product.Matrix(c, 0, 1, 1, 0), precision)));
    return read(c)[0];
  }

  @Test
  void precisionArrives() {
    float ninth = 1 + 0x1p-9f;
    float twelfth = 1 + 0x1p-12f;
    assertEquals(twelfth, times(twelfth, 1, Precision.F32));
    assertEquals(1f, times(twelfth, 1, Precision.TF32));
    assertEquals(ninth, times(ninth, 1, Precision.TF32));
    assertEquals(1f, times(ninth, 1, Precision.BF16));
    assertEquals(0x1p100f, times(0x1p100f, 1, Precision.BF16));
    assertEquals(ninth, times(ninth, 1, Precision.F16));
    assertEquals(Float.POSITIVE_INFINITY, times(0x1p100f, 1, Precision.F16));
  }

  @Test
  void batchesOfViewsArrive() {
    Memory x = floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11); // two matrices of 2 by 3
    Memory y = floats(1, 0, 2, 0, 3, 0, 1, 0, 1, 0, 1, 0); // columns of 3, every other number
    Memory z = floats(1, 1, 1, 1);
    var a = new Product.Matrix(x, 0, 3, 1, 6);
    var b = new Product.Matrix(y, 0, 2, 1, 6);
    var c = new Product.Matrix(z, 0, 1, 1, 2);
    assertTrue(device.product(new Product(2, 1, 3, 2, 2f, a, b, 1f, c, Precision.F32)));
    assertArrayEquals(new float[] {17, 53, 43, 61}, read(z));
  }

  private Product tooLong() {
    var a = new Product.Matrix(floats(1, 2), 0, 3, 1, 0);
    var b = new Product.Matrix(floats(1, 2, 3), 0, 1, 1, 0);
    var c = new Product.Matrix(floats(0), 0, 1, 1, 0);
    return new Product(1, 1, 3, 1, 1f, a, b, 0f, c, Precision.F32);
  }

  @Test
  void operandsStayInDeviceMemory() {
    Product product = tooLong();
    CudaDouble.failure(KernelFailureException.class, () -> device.product(product));
    assertTrue(cuda.message().contains("leaves device memory"), cuda.message());
  }

  @Test
  void refusalIsTold() {
    cuda.set("fail.blas", 1);
    String message =
        CudaDouble.failure(KernelFailureException.class, () -> times(2, 3, Precision.F32));
    assertTrue(message.contains("cublasGemmEx"), message);
    assertEquals(6f, times(2, 3, Precision.F32));
  }
}
