package dev.bulwark.kernels.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private final int before = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(before);
  }

  @Test
  void everyTaskRunsOnce() {
    for (int threads : new int[] {1, 2, 5}) {
      Parallel.setThreads(threads);
      for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
        for (int round = 0; round < 20; round++) {
          AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
          Parallel.run(tasks, runs::incrementAndGet);
          for (int i = 0; i < tasks; i++) {
            assertEquals(1, runs.get(i));
          }
        }
      }
    }
  }

  @Test
  void piecesCoverTheRangeWithoutOverlap() {
    Parallel.setThreads(3);
    AtomicIntegerArray hits = new AtomicIntegerArray(1003);
    Parallel.range(
        1003,
        10,
        (from, to) -> {
          assertEquals(0, from % 10);
          for (int i = from; i < to; i++) {
            hits.incrementAndGet(i);
          }
        });
    for (int i = 0; i < 1003; i++) {
      assertEquals(1, hits.get(i));
    }
  }

  @Test
  void threadsWorkAtTheSameTime() {
    Parallel.setThreads(2);
    CountDownLatch both = new CountDownLatch(2);
    Parallel.run( // would never end if one thread ran both
        2,
        i -> {
          both.countDown();
          await(both);
        });
    assertEquals(0, both.getCount());
  }

  @Test
  void anExceptionReachesTheCallerAndThePoolGoesOn() {
    Parallel.setThreads(3);
    IllegalStateException planned = new IllegalStateException("planned");
    for (int at : new int[] {0, 50, 99}) {
      Throwable seen =
          assertThrows(
              IllegalStateException.class,
              () ->
                  Parallel.run(
                      100,
                      i -> {
                        if (i == at) {
                          throw planned;
                        }
                      }));
      assertSame(planned, seen);
      AtomicInteger runs = new AtomicInteger();
      Parallel.run(100, i -> runs.incrementAndGet());
      assertEquals(100, runs.get());
    }
  }

  @Test
  void callsFromInsideATaskRunOnItsThread() {
    Parallel.setThreads(3);
    Parallel.run(
        10,
        i -> {
          Set<Thread> inner = ConcurrentHashMap.newKeySet();
          Parallel.run(10, j -> inner.add(Thread.currentThread()));
          assertEquals(Set.of(Thread.currentThread()), inner);
        });
  }

  @Test
  void severalCallersGetTheirWorkDone() throws InterruptedException {
    Parallel.setThreads(2);
    AtomicInteger runs = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int c = 0; c < callers.length; c++) {
      callers[c] =
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 50; round++) {
                  Parallel.run(20, i -> runs.incrementAndGet());
                }
              });
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(4 * 50 * 20, runs.get());
  }

  @Test
  void anImpossibleNumberOfThreadsIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Parallel.setThreads(0));
    assertTrue(String.valueOf(e.getMessage()).contains("1 to 256, not 0"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
