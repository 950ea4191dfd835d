package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Program;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong is said with device, code, place and advice. */
@Tag("opencl")
class OpenClFailureTest {
  private static final BinaryCache NONE = new BinaryCache(null);

  private static void says(Throwable e, String... parts) {
    for (String part : parts) {
      assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
  }

  @Test
  void aDeviceThatFailedIsLost() {
    Device device = OpenCl.device();
    Memory memory = device.allocate(512);
    MemorySegment host = MemorySegment.ofArray(new byte[64]);
    says(
        assertThrows(KernelFailureException.class, () -> device.read(memory, 500, host)),
        "opencl:0",
        "CL_INVALID_VALUE (-30)",
        "64 bytes to the host",
        "bulwark.gpu.debug");
    String lost = "opencl:0 is lost to this process since an earlier failure: a copy of 64 bytes";
    says(assertThrows(KernelFailureException.class, device::synchronize), lost);
    says(assertThrows(KernelFailureException.class, () -> device.allocate(8)), lost);
    says(assertThrows(KernelFailureException.class, () -> device.write(host, memory, 0)), lost);
    says(assertThrows(KernelFailureException.class, () -> device.read(memory, 0, host)), lost);
    Kernel kernel = Program.COPIES.kernel("bk_fill32");
    says(
        assertThrows(
            KernelFailureException.class, () -> device.launch(kernel, Grid.over(1), new Object[0])),
        lost);
    assertDoesNotThrow(() -> device.free(memory));
  }

  @Test
  void aLaunchThatFailsNamesItsKernel() {
    Device device = OpenCl.device();
    Kernel kernel = Program.COPIES.kernel("bk_fill32");
    // Arguments are checked before; a driver that gets none refuses.
    says(
        assertThrows(
            KernelFailureException.class, () -> device.launch(kernel, Grid.over(1), new Object[0])),
        "kernel bk_fill32",
        "CL_INVALID_KERNEL_ARGS");
  }

  @Test
  void tooLittleMemoryIsNoLoss() {
    GpuBackend backend = OpenCl.backend();
    says(
        assertThrows(DeviceOutOfMemoryException.class, () -> backend.device().allocate(1L << 50)),
        "CL_");
    Tensor t = Tensor.empty(Shape.of(3), DType.F32, backend);
    backend.kernels().fill(t, 2);
    assertEquals(2, t.toFloats()[2]);
  }

  @Test
  void aProgramThatDoesNotBuildShowsTheCompilersWords() {
    Device device = OpenCl.devices().connect(0, NONE, p -> p.source() + "\nint broken = nothing;");
    Kernel kernel = Program.COPIES.kernel("bk_fill32");
    for (int i = 0; i < 2; i++) { // the device is not lost by it
      says(
          assertThrows(
              KernelFailureException.class,
              () -> device.launch(kernel, Grid.over(1), new Object[0])),
          "program copies does not build on opencl:0",
          "CL_BUILD_PROGRAM_FAILURE",
          "nothing");
    }
    assertDoesNotThrow(device::synchronize);
  }

  @Test
  void aKernelThatIsNotThereIsNamed() {
    Device device = OpenCl.device();
    Kernel kernel = new Kernel(Program.COPIES, "bk_nowhere", List.of());
    says(
        assertThrows(
            KernelFailureException.class, () -> device.launch(kernel, Grid.over(1), new Object[0])),
        "program copies",
        "bk_nowhere");
  }

  @Test
  void aBlockThatIsTooLargeIsRefused() {
    Programs programs = OpenCl.device().programs();
    assertDoesNotThrow(() -> programs.requireBlock("bk_x", 256, 256));
    says(
        assertThrows(KernelFailureException.class, () -> programs.requireBlock("bk_x", 256, 128)),
        "bk_x",
        "256",
        "opencl:0",
        "128");
  }

  @Test
  void aKernelThatSharesTooMuchIsRefused() {
    Programs programs = OpenCl.device().programs();
    assertDoesNotThrow(() -> programs.requireLocalMemory("bk_x", 48 << 10));
    says(
        assertThrows(
            KernelFailureException.class, () -> programs.requireLocalMemory("bk_x", 1L << 40)),
        "bk_x",
        "1,099,511,627,776",
        "opencl:0");
  }

  @Test
  void everyCodeHasAdvice() {
    for (int code :
        new int[] {
          CL.CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL.CL_OUT_OF_RESOURCES,
          CL.CL_OUT_OF_HOST_MEMORY,
          CL.CL_DEVICE_NOT_AVAILABLE,
          CL.CL_INVALID_VALUE,
          -9999
        }) {
      says(
          new Faults("opencl:3").fatal("kernel bk_x", new CLException("x", code)),
          "kernel bk_x failed on opencl:3 with ",
          "(" + code + ")",
          "start again");
    }
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    OpenClDevices found = OpenCl.devices();
    int count = found.devices().size();
    says(
        assertThrows(IllegalStateException.class, () -> found.open(count)),
        "no OpenCL device " + count,
        found.describe());
    assertThrows(IllegalStateException.class, () -> found.open(-1));
  }
}
