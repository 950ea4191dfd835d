package dev.bulwark.robust.cli;

import dev.bulwark.robust.device.DeviceCheck;
import dev.bulwark.robust.device.DeviceReport;
import dev.bulwark.robust.eval.Provenance;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.Backends;
import dev.bulwark.tensor.io.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks every device and times it. */
@Command(
    name = "gpu-check",
    description = {
      "Checks every CUDA and OpenCL device: each kernel against the reference back end, training"
          + " steps in each precision against the CPU, and the time of the kernels. Writes"
          + " gpu-check.md and gpu-check.json.",
      "",
      "Exit code 1 if anything is wrong, or if there is no device."
    })
final class GpuCheckCommand implements Callable<Integer> {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "check this device only, such as cuda:1 (default: all that are usable)")
  private @Nullable String device;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for the report (default: ${DEFAULT-VALUE})",
      defaultValue = ".")
  private Path out = Path.of(".");

  @Option(names = "--no-timing", description = "check only, do not time kernels")
  private boolean untimed;

  @Option(names = "--quiet", description = "no progress")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field
  GpuCheckCommand() {}

  @Override
  public Integer call() throws IOException {
    Instant start = Instant.now();
    PrintWriter console = spec.commandLine().getOut();
    List<DeviceCheck.Result> results = new ArrayList<>();
    for (Backend backend : chosen()) {
      results.add(check(backend));
    }
    if (results.isEmpty()) {
      throw new IllegalStateException("no device to check: " + String.join("; ", verdicts()));
    }
    DeviceReport report =
        new DeviceReport(
            results,
            Provenance.here(
                results.stream().map(DeviceCheck.Result::device).toList(),
                0,
                Map.of("timing", !untimed),
                List.of(),
                start));
    Files.createDirectories(out);
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    AtomicFile.writeString(out.resolve("gpu-check.md"), report.markdown());
    AtomicFile.writeString(out.resolve("gpu-check.json"), json.writeValueAsString(report) + "\n");
    console.print(report.markdown());
    console.printf("written to %s%n", out.resolve("gpu-check.md"));
    console.flush();
    return results.stream().allMatch(DeviceCheck.Result::passed) ? 0 : Failures.FAILED;
  }

  private List<Backend> chosen() {
    return device == null ? Backends.devices() : List.of(Backends.named(device));
  }

  private DeviceCheck.Result check(Backend backend) {
    DeviceCheck check = new DeviceCheck(backend, RunOptions.describe(backend), !untimed);
    try (Console progress =
        new Console("checking " + backend.name(), "parts", check.parts(), quiet)) {
      return check.run(progress::at);
    }
  }

  private static List<String> verdicts() {
    return Backends.all().stream()
        .filter(f -> !f.provider().isHost())
        .map(f -> f.provider().name() + ": " + f.availability().reason())
        .toList();
  }
}
