package dev.bulwark.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The double finds wrong uses of CUDA and faults of kernels; otherwise green tests prove little.
 */
@Tag(CudaDouble.TAG)
class CudaDoubleSelfTest {
  private static final int BLOCK = 256;
  private static final Map<String, String> FAULTY =
      Map.ofEntries(
          Map.entry("bk_sum", "u64 u64"),
          Map.entry("bk_no_barrier", "u64 u64"),
          Map.entry("bk_half_barrier", "u64"),
          Map.entry("bk_two_barriers", "u64"),
          Map.entry("bk_unwritten", "u64"),
          Map.entry("bk_one_more", "u64 u32"),
          Map.entry("bk_far_away", "u64 u64"),
          Map.entry("bk_types", "u64 view dims u32 u64 f32 f64"),
          Map.entry("bk_two_sums", "u64 u64"));

  private CudaDoubleCalls calls;
  private CudaDouble cuda;
  private CudaApi api;

  @BeforeEach
  void open() throws Exception {
    calls = new CudaDoubleCalls();
    cuda = calls.cuda;
    api = calls.api;
    calls.load("faulty", source(), FAULTY);
  }

  private static String source() throws Exception {
    Path text =
        Path.of(
            System.getProperty("bulwark.root"), "kernels/src/test/native/cuda-double/faulty.bk");
    return CudaDoubleCalls.withDialect(Files.readString(text));
  }

  /** The call fails with this code, and the double says why. */
  private void fails(int code, String reason, Runnable call) {
    CudaError e = assertThrows(CudaError.class, call::run);
    assertEquals(code, e.number(), cuda.message());
    assertTrue(cuda.message().contains(reason), cuda.message());
  }

  @Test
  void bothBranchesRunRightKernels() {
    for (int build = 0; build < 2; build++) {
      cuda.set("build", build);
      CudaMemory x = calls.ramp(BLOCK);
      CudaMemory y = calls.floats(1);
      calls.launch("bk_sum", BLOCK, x, y);
      assertEquals(32_640f, calls.read(y)[0]);
    }
  }

  @Test
  void argumentsOfAllTypesArrive() {
    CudaMemory y = calls.floats(2);
    calls.launch(
        "bk_types", 32, y, new int[] {1, 0, 0, 0, 2}, new int[] {3, 0, 0, 4}, 5, 1L << 33, 6f, 7.0);
    calls.read(y);
    assertEquals(28.0 + (1L << 33), calls.pinned.get(ValueLayout.JAVA_DOUBLE, 0));
  }

  @Test
  void missingBarrierShowsInSomeSchedule() {
    float[] right = new float[BLOCK];
    for (int t = 0; t < BLOCK; t++) {
      right[t] = (t + 1) % BLOCK + (t + BLOCK - 1) % BLOCK;
    }
    for (int schedule = 0; schedule < 3; schedule++) {
      cuda.set("schedule", schedule);
      CudaMemory y = calls.floats(BLOCK);
      calls.launch("bk_no_barrier", BLOCK, calls.ramp(BLOCK), y);
      assertTrue(!Arrays.equals(right, calls.read(y)), "schedule " + schedule);
    }
  }

  @Test
  void eachBarrierOfTheFoldIsNeeded() throws Exception {
    String portable = "#else\n#define BK_BLOCK_FOLD";
    String cudaOnly = "__shfl_xor_sync(0xffffffffu, v, o)";
    for (int barrier = 0; barrier < 3; barrier++) {
      assertTrue(isFound(0, "host" + barrier, without(source(), portable, "BK_SYNC();", barrier)));
    }
    for (int barrier = 0; barrier < 2; barrier++) {
      String mutant = without(source(), cudaOnly, "__syncthreads();", barrier);
      assertTrue(isFound(1, "cuda" + barrier, mutant), "barrier " + barrier);
    }
  }

  /** A text without the n-th of some words behind a mark. */
  private static String without(String text, String mark, String words, int n) {
    int at = text.indexOf(words, text.indexOf(mark));
    for (int i = 0; i < n; i++) {
      at = text.indexOf(words, at + 1);
    }
    return text.substring(0, at) + " ".repeat(words.length()) + text.substring(at + words.length());
  }

  /** Whether two sums come out wrong, or end the kernel, in one of the schedules. */
  private boolean isFound(int build, String id, String source) throws Exception {
    float[] right = new float[BLOCK];
    Arrays.fill(right, 32_640f + 1000f * 65_280f);
    for (int schedule = 0; schedule < 3; schedule++) {
      calls = new CudaDoubleCalls();
      calls.load("mutant_" + id, source, Map.of("bk_two_sums", "u64 u64"));
      cuda.set("build", build);
      cuda.set("schedule", schedule);
      CudaMemory y = calls.floats(BLOCK);
      calls.launch("bk_two_sums", BLOCK, calls.ramp(BLOCK), y);
      try {
        if (!Arrays.equals(right, calls.read(y))) {
          return true;
        }
      } catch (CudaError e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void barrierThatNotAllReach() {
    calls.launch("bk_half_barrier", BLOCK, calls.floats(BLOCK));
    fails(719, "reached by 128 of 256 threads", () -> api.synchronizeStream(calls.stream));
  }

  @Test
  void barriersOfDifferentLines() {
    calls.launch("bk_two_barriers", BLOCK, calls.floats(BLOCK));
    fails(719, "reached by 128 of 256 threads", () -> api.synchronizeStream(calls.stream));
  }

  @Test
  void unwrittenMemoryIsNaN() {
    CudaMemory y = calls.floats(BLOCK);
    assertTrue(Float.isNaN(calls.read(y)[7]), "fresh memory of the device");
    calls.launch("bk_unwritten", BLOCK, y);
    assertTrue(Float.isNaN(calls.read(y)[7]), "fresh memory of a block");
  }

  @Test
  void writeBehindTheEnd() {
    calls.launch("bk_one_more", BLOCK, calls.floats(100), 100);
    fails(700, "behind an allocation of 400 bytes", () -> api.synchronizeStream(calls.stream));
    fails(700, "behind", () -> api.allocate(4)); // the device stays lost
  }

  @Test
  void addressFarAwayIsNoCrash() {
    calls.launch("bk_far_away", BLOCK, calls.floats(100), 1L << 20);
    fails(700, "is no device memory", () -> api.synchronizeStream(calls.stream));
  }

  @Test
  void pointerThatIsNotAlive() {
    CudaMemory y = calls.floats(1);
    api.free(y.address());
    calls.launch("bk_sum", BLOCK, calls.ramp(BLOCK), y);
    fails(700, "argument 1 points to no device memory", () -> api.synchronizeStream(calls.stream));
  }

  @Test
  void freeTwice() {
    CudaMemory y = calls.floats(1);
    api.free(y.address());
    fails(1, "twice", () -> api.free(y.address()));
  }

  @Test
  void whoDoesNotWaitSeesOldNumbers() {
    CudaMemory y = calls.ramp(BLOCK);
    calls.pinned.fill((byte) 0);
    api.copyToHost(y.address(), calls.pinned.asSlice(0, y.bytes()), calls.stream);
    assertEquals(0f, calls.pinned.getAtIndex(ValueLayout.JAVA_FLOAT, 5));
    assertEquals(1, cuda.get("queued"));
    api.synchronizeStream(calls.stream);
    assertEquals(5f, calls.pinned.getAtIndex(ValueLayout.JAVA_FLOAT, 5));
  }

  @Test
  void eventsOrderStreams() {
    CudaMemory x = calls.ramp(BLOCK);
    CudaMemory y = calls.floats(1);
    long other = api.createStream();
    long event = api.createEvent();
    calls.launch("bk_sum", BLOCK, x, y);
    MemorySegment early = calls.pinned.asSlice(64, 4);
    api.copyToHost(y.address(), early, other); // does not wait for the kernel
    api.synchronizeStream(other);
    assertTrue(Float.isNaN(early.get(ValueLayout.JAVA_FLOAT, 0)));
    api.recordEvent(event, calls.stream);
    api.waitForEvent(other, event);
    api.copyToHost(y.address(), early, other);
    api.synchronizeStream(other);
    assertEquals(32_640f, early.get(ValueLayout.JAVA_FLOAT, 0));
  }

  @Test
  void copiesStayInside() {
    CudaMemory y = calls.floats(4);
    MemorySegment more = calls.pinned.asSlice(0, 20);
    fails(1, "leaves device memory", () -> api.copyToHost(y.address(), more, calls.stream));
    fails(1, "leaves device memory", () -> api.copyToDevice(more, y.address(), calls.stream));
    MemorySegment pageable = CudaDoubleCalls.pageable(16);
    fails(1, "not pinned", () -> api.copyToHost(y.address(), pageable, calls.stream));
  }

  @Test
  void contextIsPerThread() throws Exception {
    Thread other =
        Thread.ofPlatform().start(() -> fails(201, "no context", () -> api.allocate(16)));
    other.join();
    assertTrue(cuda.message().contains("no context is current"), cuda.message());
  }

  @Test
  void launchesHaveLimits() {
    CudaMemory y = calls.floats(1);
    fails(701, "too many threads", () -> calls.launch("bk_sum", 1025, y, y));
  }

  @Test
  void ptxHasToFitItsSource() throws Exception {
    String source = source();
    byte[] old = CudaDoubleCalls.ptx("faulty", source + " ", FAULTY);
    long oldModule = api.loadModule(old);
    fails(218, "not made from its source", () -> api.function(oldModule, "bk_sum"));
    byte[] wrong = CudaDoubleCalls.ptx("faulty", source, Map.of("bk_sum", "u64 u32"));
    long wrongModule = api.loadModule(wrong);
    fails(218, "disagree on the parameters", () -> api.function(wrongModule, "bk_sum"));
    cuda.set("isa", 60);
    assertEquals(222, assertThrows(CudaError.class, () -> api.loadModule(old)).number());
  }

  @Test
  void nothingIsForgotten() {
    assertArrayEquals(
        new long[] {1, 0, 1, 1},
        new long[] {
          cuda.get("live.streams"),
          cuda.get("live.allocations"),
          cuda.get("live.modules"),
          cuda.get("live.contexts")
        });
  }
}
