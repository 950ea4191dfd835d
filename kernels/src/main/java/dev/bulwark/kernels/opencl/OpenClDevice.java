package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.DeviceInfo;
import dev.bulwark.kernels.gpu.DeviceOutOfMemoryException;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.Memory;
import dev.bulwark.kernels.gpu.Program;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
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
import org.jspecify.annotations.Nullable;

/** One OpenCL device: a context and an in-order queue for all its work. */
final class OpenClDevice implements Device {
  private static final int FLUSH_AFTER = 16; // launches that a driver may hold back

  private final String name;
  private final Facts facts;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Staging staging;
  private final Programs programs;
  private final Faults faults;
  private int heldBack;

  OpenClDevice(
      String name,
      Facts facts,
      cl_platform_id platform,
      cl_device_id device,
      BinaryCache cache,
      Function<Program, String> sources) {
    this.name = name;
    this.facts = facts;
    this.faults = new Faults(name);
    var properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, platform);
    context = clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
    queue = Staging.queue(context, device);
    staging = new Staging(context, device, queue);
    programs = new Programs(name, facts, context, device, cache, sources);
  }

  private record Block(cl_mem mem, long bytes) implements Memory {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeviceInfo info() {
    return facts.info();
  }

  Programs programs() {
    return programs;
  }

  /** Drivers allocate when memory is first used; moving it to the device makes that now. */
  @Override
  public Memory allocate(long bytes) {
    faults.check();
    cl_mem made = null;
    try {
      made = clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null);
      cl_mem[] one = {made};
      clEnqueueMigrateMemObjects(
          queue, 1, one, CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, null, null);
      return new Block(made, bytes);
    } catch (CLException e) {
      if (!Faults.isOutOfMemory(e)) {
        throw faults.fatal("an allocation of %,d bytes".formatted(bytes), e);
      }
      if (made != null) {
        clReleaseMemObject(made);
      }
      throw new DeviceOutOfMemoryException(Faults.name(e));
    }
  }

  @Override
  public void free(Memory memory) {
    if (faults.isLost()) {
      return; // its memory is gone with it
    }
    try {
      clReleaseMemObject(((Block) memory).mem()); // after the commands that use it
    } catch (CLException e) {
      throw faults.fatal("giving back memory", e);
    }
  }

  @Override
  public void write(MemorySegment from, Memory to, long at) {
    faults.check();
    try {
      staging.write(from, ((Block) to).mem(), at);
    } catch (CLException e) {
      throw faults.fatal("a copy of %,d bytes to the device".formatted(from.byteSize()), e);
    }
  }

  @Override
  public void read(Memory from, long at, MemorySegment to) {
    faults.check();
    try {
      staging.read(((Block) from).mem(), at, to);
      heldBack = 0;
    } catch (CLException e) {
      throw faults.fatal(
          "a copy of %,d bytes to the host, or a kernel before it,".formatted(to.byteSize()), e);
    }
  }

  @Override
  public void launch(Kernel kernel, Grid grid, @Nullable Object[] arguments) {
    faults.check();
    cl_kernel k = programs.kernel(kernel, grid.block());
    try {
      for (int i = 0; i < arguments.length; i++) {
        set(k, i, arguments[i]);
      }
      long[] local = {grid.block(), 1};
      long[] global = {(long) grid.x() * grid.block(), grid.y()};
      clEnqueueNDRangeKernel(queue, k, 2, null, global, local, 0, null, null);
      if (++heldBack >= FLUSH_AFTER) {
        clFlush(queue); // the device begins while more is queued
        heldBack = 0;
      }
    } catch (CLException e) {
      throw faults.fatal("kernel " + kernel.name() + " in " + grid, e);
    }
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

  @Override
  public void synchronize() {
    faults.check();
    try {
      clFinish(queue);
      heldBack = 0;
    } catch (CLException e) {
      throw faults.fatal("a queued command", e);
    }
  }
}
