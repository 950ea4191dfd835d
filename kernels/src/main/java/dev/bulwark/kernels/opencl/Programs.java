package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.KernelFailureException;
import dev.bulwark.kernels.gpu.Program;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/** Programs and kernels of one device, built on first use or taken from the cache. */
final class Programs {
  private final String name;
  private final Facts facts;
  private final cl_context context;
  private final cl_device_id device;
  private final BinaryCache cache;
  private final Function<Program, String> sources;
  private final String options;
  private final Map<Program, cl_program> programs = new EnumMap<>(Program.class);
  private final IdentityHashMap<Kernel, Built> kernels = new IdentityHashMap<>();
  private int compiled;

  Programs(
      String name,
      Facts facts,
      cl_context context,
      cl_device_id device,
      BinaryCache cache,
      Function<Program, String> sources) {
    this.name = name;
    this.facts = facts;
    this.context = context;
    this.device = device;
    this.cache = cache;
    this.sources = sources;
    this.options =
        "-cl-std=CL1.2" + (facts.exactDivision() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
  }

  private record Built(cl_kernel kernel, long largestBlock) {}

  /** A kernel that can run with so many threads in a block. */
  cl_kernel kernel(Kernel kernel, int block) {
    Built built = kernels.get(kernel);
    if (built == null) {
      built = create(kernel);
      kernels.put(kernel, built);
    }
    requireBlock(kernel.name(), block, built.largestBlock());
    return built.kernel();
  }

  void requireBlock(String kernel, int block, long largest) {
    if (block > largest) {
      throw new KernelFailureException(
          "kernel %s needs blocks of %d threads, but on %s (%s) it can have %d: the device is too small for it"
              .formatted(kernel, block, name, facts.model(), largest));
    }
  }

  /** How many programs the driver had to compile. */
  int compiled() {
    return compiled;
  }

  private Built create(Kernel kernel) {
    cl_program program = programs.computeIfAbsent(kernel.program(), this::build);
    try {
      cl_kernel made = clCreateKernel(program, kernel.name(), null);
      requireLocalMemory(kernel.name(), ask(made, CL_KERNEL_LOCAL_MEM_SIZE));
      return new Built(made, ask(made, CL_KERNEL_WORK_GROUP_SIZE));
    } catch (CLException e) {
      throw new KernelFailureException(
          "program %s on %s has no usable kernel %s: %s"
              .formatted(kernel.program().id(), name, kernel.name(), Faults.name(e)));
    }
  }

  void requireLocalMemory(String kernel, long bytes) {
    if (bytes > facts.localMemory()) {
      throw new KernelFailureException(
          "kernel %s needs %,d bytes that a block shares, but %s (%s) has %,d: the device is too small for it"
              .formatted(kernel, bytes, name, facts.model(), facts.localMemory()));
    }
  }

  private long ask(cl_kernel kernel, int what) {
    long[] value = new long[1];
    clGetKernelWorkGroupInfo(kernel, device, what, Sizeof.cl_ulong, Pointer.to(value), null);
    return value[0];
  }

  private cl_program build(Program program) {
    String source = sources.apply(program);
    String key =
        BinaryCache.key(
            source, options, facts.platform(), facts.model(), facts.version(), facts.driver());
    cl_program kept = fromCache(key);
    if (kept != null) {
      return kept;
    }
    cl_program made = compile(program, source);
    compiled++;
    cache.write(key, binary(made));
    return made;
  }

  /** Null if nothing was kept, or the driver does not take it any more. */
  private @Nullable cl_program fromCache(String key) {
    byte[] binary = cache.read(key);
    if (binary == null) {
      return null;
    }
    try {
      cl_program program =
          clCreateProgramWithBinary(
              context,
              1,
              new cl_device_id[] {device},
              new long[] {binary.length},
              new byte[][] {binary},
              null,
              null);
      clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null);
      return program;
    } catch (CLException e) {
      System.getLogger("dev.bulwark")
          .log(System.Logger.Level.DEBUG, "a kept program is built anew: " + Faults.name(e));
      return null;
    }
  }

  private cl_program compile(Program program, String source) {
    String[] text = {source};
    long[] length = {source.getBytes(StandardCharsets.UTF_8).length};
    cl_program made = null;
    try {
      made = clCreateProgramWithSource(context, 1, text, length, null);
      clBuildProgram(made, 1, new cl_device_id[] {device}, options, null, null);
      return made;
    } catch (CLException e) {
      throw new KernelFailureException(
          "program %s does not build on %s (%s): %s%n%s"
              .formatted(
                  program.id(),
                  name,
                  facts.describe(),
                  Faults.name(e),
                  made == null ? "" : log(made)));
    }
  }

  private String log(cl_program program) {
    try {
      long[] size = new long[1];
      clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, 0, null, size);
      byte[] text = new byte[(int) size[0]];
      clGetProgramBuildInfo(
          program, device, CL_PROGRAM_BUILD_LOG, text.length, Pointer.to(text), null);
      return new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
    } catch (CLException e) {
      return "(the driver gives no build log: " + Faults.name(e) + ")";
    }
  }

  /** The compiled form; empty if the driver gives none. */
  private static byte[] binary(cl_program program) {
    try {
      long[] size = new long[1];
      clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
      byte[] binary = new byte[(int) size[0]];
      if (binary.length > 0) {
        Pointer where = Pointer.to(Pointer.to(binary));
        clGetProgramInfo(program, CL_PROGRAM_BINARIES, Sizeof.POINTER, where, null);
      }
      return binary;
    } catch (CLException e) {
      return new byte[0];
    }
  }
}
