package dev.bulwark.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares with PyTorch and ONNX Runtime. */
@Command(
    name = "peers",
    description = {
      "Lets Bulwark and PyTorch (or ONNX Runtime) take turns on the same work with the same number of"
          + " threads, and prints for each row both medians, the ratio peer's time / our time (the"
          + " median over the rounds; above 1 we are faster), its spread, and whether the target is"
          + " met. GFLOP/s (F) and GB/s (B) stand beside the peak of this machine.",
      "",
      "Each side is a process that waits while the other works. Its first turn of a row is not"
          + " counted. Where the peer has several ways, the fastest counts. A row whose peer is absent"
          + " counts as not met and is named. The last line is 'targets met M of N'.",
      "",
      "Close other programs first; all rows take about half an hour, --quick a few minutes.",
      ""
    })
final class PeersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PeersOptions options;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "write the results, with facts of the machine, as JSON")
  private @Nullable Path out;

  @Option(
      names = "--update",
      description =
          "keep those rows of --out that are not measured now: a long comparison in several parts")
  private boolean update;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  PeersCommand() {}

  @Override
  public Integer call() throws IOException {
    ResultFile run = new Comparison(options).run();
    if (out != null) {
      run = update && Files.exists(out) ? ResultFile.read(out).updatedBy(run) : run;
      run.write(out);
    }
    Table.print(spec.commandLine().getOut(), run.peaks(), run.results());
    return 0;
  }
}
