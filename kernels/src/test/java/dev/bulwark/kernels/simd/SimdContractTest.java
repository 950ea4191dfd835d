package dev.bulwark.kernels.simd;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The back end keeps every promise of {@link dev.bulwark.tensor.backend.Kernels}. */
class SimdContractTest {
  private static final Backend SIMD = new SimdProvider().open();

  @TestFactory
  Stream<DynamicTest> inFloat() {
    return cases(DType.F32);
  }

  @TestFactory
  Stream<DynamicTest> inDouble() {
    return cases(DType.F64);
  }

  private static Stream<DynamicTest> cases(DType dtype) {
    return KernelContract.cases(dtype).stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> c.check().accept(SIMD)));
  }
}
