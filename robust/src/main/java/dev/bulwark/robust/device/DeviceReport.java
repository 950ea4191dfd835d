package dev.bulwark.robust.device;

import dev.bulwark.robust.eval.Provenance;
import java.util.List;
import java.util.Locale;

/**
 * The findings on all devices, as a page of Markdown and, through Jackson, as JSON.
 *
 * @param results one a device
 * @param provenance where and when
 */
public record DeviceReport(List<DeviceCheck.Result> results, Provenance provenance) {
  /** The page. */
  public String markdown() {
    StringBuilder page = new StringBuilder("# Device check\n\n");
    page.append(
        "%s, %s, Bulwark %s, commit %s, %s%n%n"
            .formatted(
                provenance.os(),
                provenance.java(),
                provenance.version(),
                provenance.commit() == null ? "unknown" : provenance.commit(),
                provenance.startedAt()));
    results.forEach(r -> device(page, r));
    return page.toString();
  }

  private static void device(StringBuilder page, DeviceCheck.Result r) {
    page.append(
        "## %s: %s%n%n%s%n%n%d promises of the kernels and %d training steps were checked against the reference back end; %s.%n%n"
            .formatted(
                r.device(),
                r.passed() ? "passed" : "FAILED",
                r.description(),
                r.promises(),
                r.steps().size(),
                r.passed() ? "all hold" : r.failures().size() + " do not hold"));
    for (DeviceCheck.Failure f : r.failures()) {
      page.append("- **%s**: %s%n".formatted(f.name(), f.message()));
    }
    page.append(
        "\n| training step | loss | on the CPU | worst gradient | bound | uploads | downloads | launches |\n|---|---|---|---|---|---|---|---|\n");
    for (StepCheck.Result s : r.steps()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %.6f | %.6f | %.2g (%s) | %.2g | %d | %d | %d |%n",
              s.precision(),
              s.loss(),
              s.expectedLoss(),
              s.worst(),
              s.parameter(),
              s.bound(),
              s.uploads(),
              s.downloads(),
              s.launches()));
    }
    if (!r.timings().isEmpty()) {
      page.append("\n| kernel | µs a call | GFLOP/s | GB/s |\n|---|---|---|---|\n");
      for (KernelTimings.Timing t : r.timings()) {
        page.append(
            String.format(
                Locale.ROOT,
                "| %s | %.1f | %s | %.1f |%n",
                t.name(),
                t.seconds() * 1e6,
                t.gigaflops() == 0 ? "" : String.format(Locale.ROOT, "%.0f", t.gigaflops()),
                t.gigabytes()));
      }
    }
    page.append('\n');
  }
}
