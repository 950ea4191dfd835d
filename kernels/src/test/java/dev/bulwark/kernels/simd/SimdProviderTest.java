package dev.bulwark.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.BackendProvider.Availability;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.check.KernelContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the back end presents itself on machines and JVMs of several kinds. */
class SimdProviderTest {
  @Test
  void itIsTheDefaultHere() {
    assertEquals("simd", Backends.current().name());
    assertSame(Backends.named("simd"), new SimdProvider().open());
    assertTrue(new SimdProvider().probe().reason().contains("-bit vectors, "));
  }

  @Test
  void withoutTheModuleItSaysWhichFlagIsMissing() throws Exception {
    String said = child(List.of(), Probe.class);
    assertTrue(said.contains("false: "), said);
    assertTrue(said.contains("--add-modules jdk.incubator.vector"), said);
    assertTrue(said.contains("current: reference"), said);
  }

  @Test
  void withoutFusedMultiplyAddItStandsBack() throws Exception {
    String said = child(List.of("--add-modules=jdk.incubator.vector", "-XX:-UseFMA"), Probe.class);
    assertTrue(said.contains("false: this processor has no fused multiply-add"), said);
  }

  /** Vectors of 256 bits take the tiles for 16 registers; 128 bits is what ARM has. */
  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void narrowerVectorsKeepTheContract(int bytes) throws Exception {
    String said =
        child(
            List.of("--add-modules=jdk.incubator.vector", "-XX:MaxVectorSize=" + bytes),
            Contract.class);
    int expected = Math.min(bytes * 8, Lanes.F.vectorBitSize());
    assertTrue(said.contains(expected + "-bit vectors"), said);
    assertTrue(said.contains("all kept"), said);
  }

  private static String child(List<String> flags, Class<?> main)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), said);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  /** Prints the verdict and the back end that is used instead. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      Availability verdict = new SimdProvider().probe();
      System.out.println(verdict.usable() + ": " + verdict.reason());
      System.out.println("current: " + Backends.current().name());
    }
  }

  /** Runs the contract in this JVM. */
  static final class Contract {
    private Contract() {}

    public static void main(String[] args) {
      System.out.println(new SimdProvider().probe().reason());
      KernelContract.verify(new SimdProvider().open(), DType.F32);
      System.out.println("all kept");
    }
  }
}
