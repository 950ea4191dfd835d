package dev.bulwark.kernels.cuda;

import dev.bulwark.kernels.gpu.PrivateNatives;
import dev.bulwark.kernels.gpu.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The driver's calls on the double, one stream, and kernels of a test's own: no back end. */
final class CudaDoubleCalls {
  final CudaDouble cuda = CudaDouble.require();
  final CudaApi api = PrivateNatives.load(JCudaApi::new);
  final long context;
  final long stream;
  final MemorySegment pinned;
  private long module;

  CudaDoubleCalls() {
    cuda.reset();
    cuda.set("quiet", 1);
    api.init();
    context = api.retainPrimaryContext(0);
    api.setCurrent(context);
    stream = api.createStream();
    pinned = api.allocatePinned(1 << 16);
  }

  /**
   * Builds and loads a program.
   *
   * @param id its name
   * @param source its text, the dialect included
   * @param kernels types of parameters as PTX names them, such as "u64 u32", by name
   */
  void load(String id, String source, Map<String, String> kernels) throws Exception {
    cuda.build().program(id, source, new ArrayList<>(new TreeMap<>(kernels).keySet()));
    module = api.loadModule(ptx(id, source, kernels));
  }

  /** Declarations as nvcc writes them; nothing else of PTX is looked at. */
  static byte[] ptx(String id, String source, Map<String, String> kernels) {
    StringBuilder text = new StringBuilder();
    text.append(
        "// bulwark program: %s source-sha256: %s\n".formatted(id, CudaDoubleBuild.sha256(source)));
    text.append(".version 7.0\n.target sm_75\n.address_size 64\n");
    kernels.forEach((name, types) -> {
      List<String> parameters = new ArrayList<>();
      for (String type : types.split(" ")) {
        String declared =
            switch (type) {
              case "view" -> ".align 4 .b8 p%d[20]";
              case "dims" -> ".align 4 .b8 p%d[16]";
              default -> "." + type + " p%d";
            };
        parameters.add(".param " + declared.formatted(parameters.size()));
      }
      text.append(
          ".visible .entry %s(\n%s\n)\n{ ret; }\n".formatted(name, String.join(",\n", parameters)));
    });
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** The dialect and a text of kernels. */
  static String withDialect(String kernels) {
    return Program.COPIES.source() + kernels;
  }

  void launch(String kernel, int block, Object... arguments) {
    MemorySegment table = new LaunchArguments().pack(arguments);
    api.launch(api.function(module, kernel), 1, 1, block, stream, table);
  }

  CudaMemory floats(int n) {
    return new CudaMemory(api.allocate(4L * n), 4L * n);
  }

  /** Device memory with the numbers 0 to n - 1. */
  CudaMemory ramp(int n) {
    CudaMemory memory = floats(n);
    for (int i = 0; i < n; i++) {
      pinned.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
    }
    api.copyToDevice(pinned.asSlice(0, 4L * n), memory.address(), stream);
    api.synchronizeStream(stream);
    return memory;
  }

  float[] read(CudaMemory memory) {
    MemorySegment to = pinned.asSlice(0, memory.bytes());
    api.copyToHost(memory.address(), to, stream);
    api.synchronizeStream(stream);
    return to.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Native memory that the driver does not know. */
  static MemorySegment pageable(long bytes) {
    return Arena.ofAuto().allocate(bytes);
  }
}
