package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.kernels.gpu.Device;
import dev.bulwark.kernels.gpu.GpuBackend;
import dev.bulwark.kernels.gpu.Grid;
import dev.bulwark.kernels.gpu.Kernel;
import dev.bulwark.kernels.gpu.PrivateNatives;
import dev.bulwark.kernels.gpu.Program;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.check.KernelContract;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every barrier of the kernels is needed, and the contract on the double tells when it is missing:
 * each program runs its cases without one of them after the other. Those that nothing misses are
 * listed, with the reason.
 */
@Tag(CudaDouble.TAG)
@Tag("slow")
class CudaDoubleMutationTest {
  /** Programs with barriers, and the first words of the cases that run them. */
  private static final Map<Program, List<String>> CASES =
      Map.of(
          Program.REDUCTIONS, List.of("reduce", "sumOfSquares", "allFinite", "sumsOfSquares"),
          Program.ORDERS, List.of("argMax", "cumulativeSum", "sort"),
          Program.SOFTMAX, List.of("softmax", "logSoftmax", "crossEntropy", "rows"),
          Program.LAYER_NORM, List.of("layerNorm", "rows"),
          Program.RANDOM, List.of("dropout", "uniform", "bernoulli"),
          Program.PRODUCTS, List.of("gemm"),
          Program.ATTENTION_ROWS, List.of("attention"),
          Program.ATTENTION_32, List.of("attention"));

  /**
   * Kernels whose blocks take another tile or row when a grid is too small, which takes millions of
   * elements: here their grid is one block.
   */
  private static final Set<String> STRIDING =
      Set.of(
          "bk_reduce",
          "bk_sum_partials",
          "bk_arg_max",
          "bk_running_sum",
          "bk_dropout",
          "bk_uniform",
          "bk_bernoulli",
          "bk_bernoulli8");

  private static final String OWN_PLACE =
      "between the last barrier of the fold and the first of the next tile, each thread reads and"
          + " writes its own place only; kept so that a change of the fold need not think of it";

  /** Barriers that no case misses, and why; by program and name of {@link Barriers.Mutant}. */
  private static final Map<String, String> SURVIVORS =
      Map.of(
          "reductions BK_BLOCK_FOLD 1",
          "only thread 0 uses a total, and until the next fold it reads its own place only;"
              + " softmax and layer_norm, where all threads use it, miss the barrier",
          "reductions bk_reduce 3",
          OWN_PLACE,
          "orders bk_arg_max 3",
          OWN_PLACE,
          "attention_rows bk_attention_softmax 1",
          "it orders global memory, which the double's memory always is; oclgrind misses it",
          "attention_32 bk_attention_delta 3",
          OWN_PLACE,
          "attention_32 bk_attention 5",
          "the last tile's fading is read before the barriers of bk_add_weighted, which every tile"
              + " has");

  /** Branch of the dialect, then order of threads: 0 forward, 1 reverse, 2 shuffled. */
  private static final int[][] WAYS = {{0, 2}, {0, 1}, {0, 0}, {1, 2}, {1, 1}, {1, 0}};

  private static JCudaApi api;

  @BeforeAll
  static void load() {
    CudaDouble.require();
    assertEquals(null, CudaLibraries.load().problem());
    api = PrivateNatives.load(JCudaApi::new);
    PrivateNatives.load(JCublas::initialize);
  }

  @TestFactory
  Stream<DynamicTest> eachBarrierIsNeeded() {
    return CASES.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> DynamicTest.dynamicTest(e.getKey().id(), () -> check(e.getKey(), e.getValue())));
  }

  private static void check(Program program, List<String> words) throws Exception {
    List<KernelContract.Case> cases =
        KernelContract.cases(DType.F32).stream()
            .filter(c -> words.stream().anyMatch(c.name()::startsWith))
            .toList();
    assertEquals(
        null, whoMisses(program, cases, new Barriers.Mutant("none", -1, program.source()), 0));
    TreeSet<String> survivors = new TreeSet<>();
    int number = 0;
    for (Barriers.Mutant mutant : Barriers.of(program)) {
      String who = whoMisses(program, cases, mutant, ++number);
      if (who == null) {
        survivors.add(program.id() + " " + mutant.name());
      }
    }
    assertTrue(number > 0, "no barriers");
    TreeSet<String> expected =
        SURVIVORS.keySet().stream()
            .filter(s -> s.startsWith(program.id() + " "))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, survivors);
  }

  /** The first case and way that fails, or null. */
  private static @Nullable String whoMisses(
      Program program, List<KernelContract.Case> cases, Barriers.Mutant mutant, int number)
      throws Exception {
    List<String> kernels = program.kernels().stream().map(Kernel::name).sorted().toList();
    String id = "mutant_" + program.id() + number;
    CudaDouble.require().build().program(id, mutant.source(), kernels);
    String header =
        "// bulwark program: %s source-sha256: %s"
            .formatted(id, CudaDoubleBuild.sha256(mutant.source()));
    for (int[] way : WAYS) {
      if (mutant.branch() >= 0 && mutant.branch() != way[0]) {
        continue;
      }
      List<String> loaded = new ArrayList<>();
      Backend backend = open(program, header, way, loaded);
      for (KernelContract.Case c : cases) {
        try {
          c.check().accept(backend);
        } catch (AssertionError | RuntimeException e) {
          assertFalse(loaded.isEmpty(), e::toString);
          return c.name() + ", branch " + way[0] + ", order " + way[1];
        }
      }
      assertFalse(loaded.isEmpty(), "no case runs " + program);
    }
    return null;
  }

  /** A back end on a fresh device with another build of one program, whose loading is noted. */
  private static Backend open(Program program, String header, int[] way, List<String> loaded) {
    CudaDoubleCalls calls = new CudaDoubleCalls();
    calls.cuda.set("build", way[0]);
    calls.cuda.set("schedule", way[1]);
    CudaApi other =
        proxy(
            CudaApi.class,
            (self, method, arguments) -> {
              if (method.getName().equals("loadModule")) {
                String ptx = new String((byte[]) arguments[0], StandardCharsets.US_ASCII);
                if (ptx.startsWith(Ptx.header(program))) {
                  loaded.add(program.id());
                  ptx = header + ptx.substring(Ptx.header(program).length());
                  arguments[0] = ptx.getBytes(StandardCharsets.US_ASCII);
                }
              }
              return method.invoke(api, arguments);
            });
    Cublas.Starter starter = (stream, at, bytes) -> new JCublas(api.stream(stream), at, bytes);
    Device device = ((GpuBackend) CudaDevices.find(other, starter, 0).open(0)).device();
    return new GpuBackend(
        proxy(
            Device.class,
            (self, method, arguments) -> {
              if (method.getName().equals("product") && program == Program.PRODUCTS) {
                return false; // or cuBLAS takes them
              }
              if (method.getName().equals("launch")
                  && STRIDING.contains(((Kernel) arguments[0]).name())) {
                Grid grid = (Grid) arguments[1];
                arguments[1] = new Grid(1, grid.y(), grid.block());
              }
              return method.invoke(device, arguments);
            }));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    InvocationHandler unwrapping =
        (self, method, arguments) -> {
          try {
            return handler.invoke(self, method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, unwrapping));
  }
}
