package dev.bulwark.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom: tensor below autograd below nn below robust, and kernels beside them. */
class ArchitectureTest {
  private static final String ROOT = "dev.bulwark.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.bulwark");

  /** A rule about nothing always holds: so first see that every module was read. */
  @ParameterizedTest
  @CsvSource({"tensor", "autograd", "nn", "robust", "kernels", "bench"})
  void everyModuleIsRead(String module) {
    long count = CLASSES.stream().filter(c -> c.getPackageName().startsWith(ROOT + module)).count();
    assertTrue(count > 5, module + " has only " + count + " classes here");
  }

  @ParameterizedTest
  @CsvSource({
    "tensor, autograd",
    "tensor, nn",
    "tensor, robust",
    "tensor, kernels",
    "tensor, bench",
    "autograd, nn",
    "autograd, robust",
    "autograd, kernels",
    "autograd, bench",
    "nn, robust",
    "nn, kernels",
    "nn, bench",
    "robust, kernels",
    "robust, bench",
    "kernels, autograd",
    "kernels, nn",
    "kernels, robust",
    "kernels, bench"
  })
  void importsPointOneWay(String module, String other) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + other + "..")
        .check(CLASSES);
  }

  @Test
  void onlyTheVectorBackEndTouchesTheIncubator() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "kernels.simd..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "bench.PeakLoops") // measures the machine itself
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @CsvSource({"jcuda.., kernels.cuda", "org.jocl.., kernels.opencl"})
  void bindingsStayInTheirPackage(String binding, String home) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(binding)
        .check(CLASSES);
  }

  @Test
  void theGpuBackEndKnowsNoBinding() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "kernels.gpu..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "kernels.cuda..", ROOT + "kernels.opencl..", ROOT + "kernels.simd..")
        .check(CLASSES);
  }

  @Test
  void theProviderLoadsWithoutTheIncubator() {
    noClasses()
        .that()
        .haveFullyQualifiedName(ROOT + "kernels.simd.SimdProvider")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(CLASSES);
  }
}
