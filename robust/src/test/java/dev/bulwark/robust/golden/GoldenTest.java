package dev.bulwark.robust.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every golden case, in double and single precision on the back end of every day. Runs the
 * committed subset, and the full set where it is at hand; {@code -Dbulwark.golden=DIR} runs any
 * folders instead (several with the path separator between them).
 */
class GoldenTest {
  private static final Map<String, GoldenKind> KINDS = kinds();

  private static Map<String, GoldenKind> kinds() {
    Map<String, GoldenKind> all = new HashMap<>();
    Stream.of(
            InfoBertKinds.all(),
            RiftKinds.all(),
            RsmiKinds.all(),
            RoastKinds.all(),
            MvpKinds.all(),
            EvaluationKinds.all())
        .forEach(kinds ->
            kinds.forEach((name, kind) ->
                assertTrue(all.put(name, kind) == null, "two kinds are named " + name)));
    return all;
  }

  static List<Path> cases() throws IOException, URISyntaxException {
    String asked = System.getProperty("bulwark.golden", "");
    List<Path> folders = new ArrayList<>();
    if (asked.isBlank()) {
      folders.add(committed());
      String root = System.getProperty("bulwark.root", ".");
      Path shared = Path.of(System.getProperty("bulwark.shared", root + "/../shared"), "golden");
      Stream.of(shared).filter(Files::isDirectory).forEach(folders::add);
    } else {
      String root = System.getProperty("bulwark.root", ".");
      for (String folder : asked.split(File.pathSeparator)) {
        folders.add(Path.of(root).resolve(folder));
      }
    }
    List<Path> cases = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> here = in(folder);
      assertFalse(here.isEmpty(), folder + " holds no golden case");
      cases.addAll(here);
    }
    return cases;
  }

  private static Path committed() throws URISyntaxException {
    URI here =
        Objects.requireNonNull(GoldenTest.class.getResource("/dev/bulwark/robust/golden")).toURI();
    return Path.of(here);
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(p -> p.toString().endsWith(".json"))
          .filter(GoldenTest::isCase)
          .sorted()
          .toList();
    }
  }

  private static boolean isCase(Path file) {
    JsonNode json = JsonMapper.shared().readTree(file.toFile());
    return json.isObject() && json.has("operation") && json.has("tolerance");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inDoublePrecision(Path file) {
    Scope.run("golden", () -> check(file, DType.F64));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inSinglePrecision(Path file) {
    Scope.run("golden", () -> check(file, DType.F32));
  }

  @TestFactory
  Stream<DynamicTest> onEveryDevice() throws IOException, URISyntaxException {
    List<Backend> devices = Backends.devices();
    assumeFalse(
        devices.isEmpty(), "no GPU, and neither PoCL nor the test double of CUDA is usable here");
    List<Path> committed = in(committed());
    return devices.stream()
        .flatMap(d ->
            committed.stream()
                .map(c -> dynamicTest(d.name() + ": " + c.getFileName(), () -> on(d, c))));
  }

  private static void on(Backend device, Path file) {
    Backends.with(
        device,
        () -> {
          Scope.run("golden", () -> check(file, DType.F32));
          return file;
        });
  }

  private static void check(Path file, DType dtype) {
    GoldenCase c = GoldenCase.read(file, dtype);
    GoldenKind kind = KINDS.get(c.operation());
    assertNotNull(kind, c + ": no kind of golden case is named '" + c.operation() + "'");
    GoldenResults results = new GoldenResults();
    kind.run(c, results);
    assertTrue(results.compare(c) > 0, c + " expects nothing");
  }
}
