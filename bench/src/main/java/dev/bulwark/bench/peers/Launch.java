package dev.bulwark.bench.peers;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Command lines of the workers of one thread count. Our own worker has the flags of this JVM.
 *
 * @param home folder of the project
 * @param python an interpreter that has PyTorch
 * @param threads how many threads each side computes with
 */
record Launch(Path home, String python, int threads) implements Sides.Launcher {
  @Override
  public Worker start(String side) throws WorkerException {
    return switch (side) {
      case Sides.OURS -> ours(List.of());
      case "torch" -> torch();
      default -> javaPeer(side);
    };
  }

  /**
   * Starts a worker of our own.
   *
   * @param flags more flags for its JVM
   */
  Worker ours(List<String> flags) throws WorkerException {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.add("-Dbulwark.threads=" + threads);
    command.addAll(List.of("-cp", property("java.class.path"), BulwarkWorker.class.getName()));
    return new Worker(Sides.OURS, command, Map.of());
  }

  /** Starts PyTorch. */
  Worker torch() throws WorkerException {
    String script = home.resolve("bench/peers/torch_worker.py").toString();
    return new Worker(
        "PyTorch (" + python + ")",
        List.of(python, script, Integer.toString(threads)),
        Map.of("OMP_NUM_THREADS", Integer.toString(threads)));
  }

  private Worker javaPeer(String library) throws WorkerException {
    Path target = JavaPeers.target(home);
    if (!Files.isDirectory(target.resolve("lib"))) {
      throw new WorkerException(library + " is not built: mvn -f bench/peers/java package");
    }
    String n = Integer.toString(threads);
    String path = target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*";
    return new Worker(
        library,
        List.of(java(), "-Dai.djl.offline=true", "-cp", path, "peers.PeerWorker", library, n),
        Map.of("OMP_NUM_THREADS", n, "MKL_NUM_THREADS", n, "OPENBLAS_NUM_THREADS", n));
  }

  private static String java() {
    return Path.of(property("java.home"), "bin", "java").toString();
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name));
  }
}
