package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.check.KernelContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The back end keeps every promise of {@link dev.bulwark.tensor.backend.Kernels}. */
@Tag("opencl")
class OpenClContractTest {
  @TestFactory
  Stream<DynamicTest> inFloat() {
    OpenClProvider provider = new OpenClProvider();
    Availability found = provider.probe();
    assumeTrue(found.usable(), found.reason());
    return KernelContract.cases(DType.F32).stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> c.check().accept(provider.open())));
  }
}
