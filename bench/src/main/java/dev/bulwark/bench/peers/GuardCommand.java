package dev.bulwark.bench.peers;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares with an earlier comparison. */
@Command(
    name = "guard",
    description = {
      "Measures the rows again, or takes --result, and compares their ratios with a baseline. Exit"
          + " code 1 if a ratio fell by more than the tolerance or a row can no longer be measured.",
      ""
    })
final class GuardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "BASELINE.json",
      description = "an earlier run, such as bench/baseline.json")
  private Path baseline;

  @Option(
      names = "--result",
      paramLabel = "FILE.json",
      description = "a run written by 'peers --out', in place of measuring again")
  private @Nullable Path result;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      description =
          "by how much a ratio may fall; less than the noise of the machine makes no sense"
              + " (default: 15)")
  private double tolerance = 15;

  @Mixin private PeersOptions options;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  GuardCommand() {}

  @Override
  public Integer call() throws IOException {
    if (!(tolerance >= 0 && tolerance < 100)) {
      throw new IllegalArgumentException("--tolerance must be in [0, 100), not " + tolerance);
    }
    ResultFile before = ResultFile.read(baseline);
    ResultFile now = result == null ? new Comparison(options).run() : ResultFile.read(result);
    Guard.Verdict verdict = new Guard(tolerance / 100).compare(before, now);
    PrintWriter out = spec.commandLine().getOut();
    verdict.notes().forEach(out::println);
    verdict.fallen().forEach(out::println);
    out.printf("%d rows compared, %d fell%n", verdict.compared(), verdict.fallen().size());
    out.flush();
    if (verdict.compared() == 0) {
      throw new IllegalArgumentException(baseline + " and the run have no row in common");
    }
    return verdict.fallen().isEmpty() ? 0 : Bench.FAILED;
  }
}
