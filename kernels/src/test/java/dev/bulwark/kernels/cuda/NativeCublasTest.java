package dev.bulwark.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.tensor.backend.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Arguments arrive as cuBLAS's header orders them, at functions of Java that stand for it. */
class NativeCublasTest {
  private static final long HANDLE = 77;

  /** Parameters by type, from the header: P pointer, L 64 bits, I 32 bits. */
  private static final Map<String, String> HEADER =
      Map.of(
          "cublasCreate_v2", "P",
          "cublasDestroy_v2", "L",
          "cublasSetStream_v2", "LL",
          "cublasSetWorkspace_v2", "LLL",
          "cublasGemmEx", "LIIIIIPLIILIIPLIIII",
          "cublasGemmStridedBatchedEx", "LIIIIIPLIILLIILPLIILIII");

  private final List<String> calls = new ArrayList<>();
  private int status;

  private final SymbolLookup library =
      name -> Optional.ofNullable(HEADER.get(name)).map(types -> stub(name, types));

  @SuppressWarnings("restricted")
  private MemorySegment stub(String name, String types) {
    List<MemoryLayout> layouts = new ArrayList<>();
    types.chars().forEach(c -> layouts.add(c == 'P' ? ADDRESS : c == 'L' ? JAVA_LONG : JAVA_INT));
    FunctionDescriptor function =
        FunctionDescriptor.of(JAVA_INT, layouts.toArray(MemoryLayout[]::new));
    try {
      MethodHandle called =
          MethodHandles.lookup()
              .bind(this, "called", MethodType.methodType(int.class, String.class, Object[].class))
              .bindTo(name)
              .asCollector(Object[].class, types.length())
              .asType(function.toMethodType());
      return Linker.nativeLinker().upcallStub(called, function, Arena.ofAuto());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  @SuppressWarnings({"restricted", "unused"}) // called through the stubs
  private int called(String name, Object[] arguments) {
    if (name.equals("cublasCreate_v2")) {
      ((MemorySegment) arguments[0]).reinterpret(Long.BYTES).set(JAVA_LONG, 0, HANDLE);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof MemorySegment factor && arguments.length > 1) {
        arguments[i] = factor.reinterpret(Float.BYTES).get(JAVA_FLOAT, 0);
      } else if (arguments[i] instanceof MemorySegment) {
        arguments[i] = "out";
      }
    }
    calls.add(name + Arrays.toString(arguments));
    return status;
  }

  private static GemmCall product(int count) {
    return new GemmCall(
        true,
        false,
        11,
        12,
        13,
        2,
        new GemmCall.Operand(1L << 40, 21, 31),
        new GemmCall.Operand(2L << 40, 22, 32),
        3,
        new GemmCall.Operand(3L << 40, 23, 33),
        count,
        Precision.BF16);
  }

  @Test
  void argumentsArriveInTheirPlaces() {
    NativeCublas cublas = new NativeCublas(library, 5, 6, 7);
    cublas.gemm(product(1));
    cublas.gemm(product(4));
    cublas.close();
    long a = 1L << 40;
    assertEquals(
        List.of(
            "cublasCreate_v2[out]",
            "cublasSetStream_v2[77, 5]",
            "cublasSetWorkspace_v2[77, 6, 7]",
            "cublasGemmEx[77, 1, 0, 11, 12, 13, 2.0, %d, 0, 21, %d, 0, 22, 3.0, %d, 0, 23, 75, -1]"
                .formatted(a, 2 * a, 3 * a),
            "cublasGemmStridedBatchedEx[77, 1, 0, 11, 12, 13, 2.0, %d, 0, 21, 31, %d, 0, 22, 32, 3.0, %d, 0, 23, 33, 4, 75, -1]"
                .formatted(a, 2 * a, 3 * a),
            "cublasDestroy_v2[77]"),
        calls);
  }

  @Test
  void aStatusIsAnError() {
    NativeCublas cublas = new NativeCublas(library, 5, 6, 7);
    status = 13;
    var failed = assertThrows(CudaError.class, () -> cublas.gemm(product(1)));
    assertEquals("CUBLAS_STATUS_EXECUTION_FAILED", failed.code());
    status = 3;
    var full = assertThrows(CudaError.class, cublas::close);
    assertSame(CudaError.Kind.MEMORY, full.kind());
  }

  @Test
  void aLibraryWithoutTheFunctionsIsRefused() {
    assertThrows(
        IllegalStateException.class, () -> new NativeCublas(name -> Optional.empty(), 5, 6, 7));
  }
}
