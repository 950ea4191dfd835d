package dev.bulwark.nn.encoder;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.bulwark.nn.optim.TrajectoryTest;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The golden values of transformers and torch, on every device that is here. */
class DeviceGoldenTest {
  @TestFactory
  Stream<DynamicTest> onEveryDevice() {
    List<Backend> devices = Backends.devices();
    assumeFalse(
        devices.isEmpty(), "no GPU, and neither PoCL nor the test double of CUDA is usable here");
    BertGoldenTest bert = new BertGoldenTest();
    Map<String, Executable> checks = new LinkedHashMap<>();
    checks.put("hidden states", () -> bert.everyHiddenStateMatches(DType.F32, 2e-5));
    checks.put(
        "gradients, packed", () -> bert.everyParameterGradientMatches(true, DType.F32, 2e-5));
    checks.put(
        "gradients, padded", () -> bert.everyParameterGradientMatches(false, DType.F32, 2e-5));
    checks.put("masked language model", () -> bert.maskedLanguageModelMatches(DType.F32, 5e-5));
    checks.put("fifty AdamW steps", () -> TrajectoryTest.followTinyInF32());
    return devices.stream()
        .flatMap(d ->
            checks.entrySet().stream()
                .map(c ->
                    DynamicTest.dynamicTest(
                        d.name() + ": " + c.getKey(), () -> on(d, c.getValue()))));
  }

  private static void on(Backend device, Executable check) {
    Backends.with(
        device,
        () -> {
          Scope.run(
              "golden",
              () -> {
                try {
                  check.execute();
                } catch (RuntimeException | Error e) {
                  throw e;
                } catch (Throwable e) {
                  throw new AssertionError(e);
                }
              });
          return 0;
        });
  }
}
