package dev.bulwark.robust.cli;

import dev.bulwark.tensor.backend.BackendProvider.DeviceReport;
import dev.bulwark.tensor.backend.Backends;
import java.io.PrintWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what the engine finds on this machine. */
@Command(
    name = "doctor",
    description = "Says what was found here: JDK, vector width, back ends and why not, memory.")
final class DoctorCommand implements Callable<Integer> {
  private static final long MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field
  DoctorCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime.Version v = Runtime.version();
    boolean jdkFits = v.feature() == 25 && (v.interim() > 0 || v.update() >= 3);
    out.printf(
        "JDK         %s (%s)%s%n",
        v,
        System.getProperty("java.vm.name"),
        jdkFits ? "" : "  <- 25.0.3 or later in the 25 line is needed (JDK-8377811)");
    out.printf(
        "system      %s %s, %s, %d cores%n",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    out.printf(
        "memory      %,d MiB in all, %,d MiB free, heap up to %,d MiB%n",
        system.getTotalMemorySize() / MIB,
        system.getFreeMemorySize() / MIB,
        Runtime.getRuntime().maxMemory() / MIB);
    out.printf(
        "collector   %s%n",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.joining(", ")));
    out.printf("huge pages  %s%n", hugePages());
    String flags = String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (flags.contains("+UseCompactObjectHeaders")) {
      out.println(
          "warning     compact object headers can corrupt strings on JDK 25 (JDK-8380060); drop -XX:+UseCompactObjectHeaders");
    }
    devices(out);
    out.flush();
    return jdkFits ? 0 : Failures.FAILED;
  }

  /** Every device of every back end, best first, and why one is unusable. */
  private static void devices(PrintWriter out) {
    Backends.all()
        .forEach(f -> {
          List<DeviceReport> devices = f.provider().devices();
          if (devices.isEmpty()) {
            out.printf(
                "back end    %-12s not usable: %s%n",
                f.provider().name(), f.availability().reason());
          }
          devices.forEach(d ->
              out.printf(
                  "back end    %-12s %s: %s%n", d.name(), verdict(d), d.availability().reason()));
        });
  }

  private static String verdict(DeviceReport device) {
    if (!device.availability().usable()) {
      return "not usable";
    }
    return device.name().equals(Backends.current().name()) ? "in use" : "usable";
  }

  private static String hugePages() {
    Path mode = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    try {
      return Files.isReadable(mode) ? Files.readString(mode).strip() : "not known on this system";
    } catch (java.io.IOException e) {
      return "not readable: " + e.getMessage();
    }
  }
}
