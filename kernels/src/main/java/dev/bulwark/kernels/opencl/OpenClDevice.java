package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Program;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** One OpenCL device: a context, an in-order queue, programs built on first use. */
final class OpenClDevice implements Device {
  private static final int STAGING = 8 << 20;

  private final String name;
  private final DeviceInfo info;
  private final cl_device_id device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final ByteBuffer staging =
      ByteBuffer.allocateDirect(STAGING).order(ByteOrder.nativeOrder());
  private final Map<Program, cl_program> programs = new EnumMap<>(Program.class);
  private final Map<Kernel, cl_kernel> kernels = new HashMap<>();

  OpenClDevice(String name, DeviceInfo info, cl_platform_id platform, cl_device_id device) {
    this.name = name;
    this.info = info;
    this.device = device;
    var properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, platform);
    context = clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
    queue = createQueue();
  }

  @SuppressWarnings("deprecation") // the one call that every version from 1.0 on has
  private cl_command_queue createQueue() {
    return clCreateCommandQueue(context, device, 0, null);
  }

  private record Block(cl_mem mem, long bytes) implements Memory {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public Memory allocate(long bytes) {
    try {
      return new Block(clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null), bytes);
    } catch (CLException e) {
      throw new DeviceOutOfMemoryException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void free(Memory memory) {
    clReleaseMemObject(((Block) memory).mem()); // after the commands that use it
  }

  @Override
  public void write(MemorySegment from, Memory to, long at) {
    for (long done = 0; done < from.byteSize(); done += STAGING) {
      int n = (int) Math.min(STAGING, from.byteSize() - done);
      MemorySegment.ofBuffer(staging.clear()).copyFrom(from.asSlice(done, n));
      clEnqueueWriteBuffer(
          queue, ((Block) to).mem(), true, at + done, n, Pointer.to(staging), 0, null, null);
    }
  }

  @Override
  public void read(Memory from, long at, MemorySegment to) {
    for (long done = 0; done < to.byteSize(); done += STAGING) {
      int n = (int) Math.min(STAGING, to.byteSize() - done);
      clEnqueueReadBuffer(
          queue,
          ((Block) from).mem(),
          true,
          at + done,
          n,
          Pointer.to(staging.clear()),
          0,
          null,
          null);
      to.asSlice(done, n).copyFrom(MemorySegment.ofBuffer(staging.limit(n)));
    }
  }

  @Override
  public void launch(Kernel kernel, Grid grid, @Nullable Object[] arguments) {
    cl_kernel k = kernels.computeIfAbsent(kernel, this::create);
    for (int i = 0; i < arguments.length; i++) {
      set(k, i, arguments[i]);
    }
    long[] local = {grid.block(), 1};
    long[] global = {(long) grid.x() * grid.block(), grid.y()};
    clEnqueueNDRangeKernel(queue, k, 2, null, global, local, 0, null, null);
  }

  private static void set(cl_kernel k, int i, @Nullable Object argument) {
    switch (argument) {
      case Block b -> clSetKernelArg(k, i, Sizeof.cl_mem, Pointer.to(b.mem()));
      case Integer v -> clSetKernelArg(k, i, Sizeof.cl_int, Pointer.to(new int[] {v}));
      case Long v -> clSetKernelArg(k, i, Sizeof.cl_long, Pointer.to(new long[] {v}));
      case Float v -> clSetKernelArg(k, i, Sizeof.cl_float, Pointer.to(new float[] {v}));
      case Double v -> clSetKernelArg(k, i, Sizeof.cl_double, Pointer.to(new double[] {v}));
      case int[] v -> clSetKernelArg(k, i, (long) Sizeof.cl_int * v.length, Pointer.to(v));
      case null -> clSetKernelArg(k, i, Sizeof.cl_mem, null);
      default -> throw new IllegalArgumentException("argument " + i + ": " + argument);
    }
  }

  private cl_kernel create(Kernel kernel) {
    cl_program program = programs.computeIfAbsent(kernel.program(), this::build);
    return clCreateKernel(program, kernel.name(), null);
  }

  private cl_program build(Program program) {
    cl_program built =
        clCreateProgramWithSource(
            context,
            1,
            new String[] {program.source()},
            new long[] {program.source().length()},
            null);
    try {
      clBuildProgram(built, 1, new cl_device_id[] {device}, "-cl-std=CL1.2", null, null);
    } catch (CLException e) {
      throw new KernelFailureException(
          "program "
              + program.id()
              + " does not build on "
              + name
              + ": "
              + e.getMessage()
              + "\n"
              + buildLog(built));
    }
    return built;
  }

  private String buildLog(cl_program program) {
    long[] size = new long[1];
    clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] text = new byte[(int) size[0]];
    clGetProgramBuildInfo(
        program, device, CL_PROGRAM_BUILD_LOG, text.length, Pointer.to(text), null);
    return new String(text, java.nio.charset.StandardCharsets.UTF_8).strip();
  }

  @Override
  public void synchronize() {
    clFinish(queue);
  }
}
