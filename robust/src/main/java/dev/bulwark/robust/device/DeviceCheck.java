package dev.bulwark.robust.device;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Precision;
import dev.bulwark.tensor.check.KernelContract;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be asked of a device: every promise of the kernels against the reference back
 * end, training steps against the CPU in each precision, and the time of the kernels that models
 * spend theirs on.
 */
public final class DeviceCheck {
  private final Backend backend;
  private final String description;
  private final List<KernelContract.Case> cases = KernelContract.cases(DType.F32);
  private final List<KernelTimings.Work> works;

  /**
   * A check.
   *
   * @param backend the device's back end
   * @param description what the device is
   * @param timed whether to time kernels too
   */
  public DeviceCheck(Backend backend, String description, boolean timed) {
    this.backend = backend;
    this.description = description;
    this.works = timed ? KernelTimings.works() : List.of();
  }

  /** How many parts it has. */
  public int parts() {
    return cases.size() + Precision.values().length + works.size();
  }

  /** Hears how far the check is. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called before each part.
     *
     * @param done parts done
     * @param name the part that begins
     */
    void at(long done, String name);
  }

  /**
   * A promise that was broken, or a step that differs.
   *
   * @param name kernel or step
   * @param message what was found
   */
  public record Failure(String name, String message) {}

  /**
   * What came of it.
   *
   * @param device name of the back end
   * @param description what the device is
   * @param promises how many promises of the kernels were checked
   * @param steps training steps compared with the CPU
   * @param timings times of kernels
   * @param failures what is wrong; empty if the device can be trusted
   */
  public record Result(
      String device,
      String description,
      int promises,
      List<StepCheck.Result> steps,
      List<KernelTimings.Timing> timings,
      List<Failure> failures) {

    /** Whether nothing is wrong. */
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /**
   * Runs all.
   *
   * @param listener hears how far it is
   * @return the findings; failures are findings, not exceptions
   */
  public Result run(Listener listener) {
    List<Failure> failures = new ArrayList<>();
    List<StepCheck.Result> steps = new ArrayList<>();
    List<KernelTimings.Timing> timings = new ArrayList<>();
    int done = 0;
    for (KernelContract.Case c : cases) {
      listener.at(done++, c.name());
      attempt(c.name(), failures, () -> c.check().accept(backend));
    }
    for (Precision p : Precision.values()) {
      String name = "training step in " + p;
      listener.at(done++, name);
      attempt(
          name,
          failures,
          () -> {
            StepCheck.Result r = StepCheck.run(backend, p);
            steps.add(r);
            if (!r.agrees()) {
              failures.add(new Failure(name, r.describe()));
            }
          });
    }
    for (KernelTimings.Work w : works) {
      listener.at(done++, w.name());
      attempt(w.name(), failures, () -> timings.add(KernelTimings.time(w, backend)));
    }
    listener.at(done, "done");
    return new Result(
        backend.name(),
        description,
        cases.size(),
        List.copyOf(steps),
        List.copyOf(timings),
        List.copyOf(failures));
  }

  private static void attempt(String name, List<Failure> failures, Runnable part) {
    try {
      part.run();
    } catch (AssertionError | RuntimeException e) {
      failures.add(new Failure(name, String.valueOf(e.getMessage())));
    }
  }
}
