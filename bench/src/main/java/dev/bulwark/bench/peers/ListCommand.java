package dev.bulwark.bench.peers;

import dev.bulwark.bench.peers.Row.Goal;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Names the rows. */
@Command(
    name = "list",
    description =
        "Names the rows with their targets, aims and peers; takes the options of 'peers'.")
final class ListCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private PeersOptions options;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ListCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-44s %6s %5s  %s%n", "row", "target", "aim", "peers");
    for (Row row : options.selected()) {
      Goal goal = row.goal();
      out.printf(
          Locale.ROOT,
          "%-44s %6s %5s  %s%n",
          row.id(),
          goal == null ? "" : String.format(Locale.ROOT, "%.2f", goal.target()),
          goal == null ? "" : String.format(Locale.ROOT, "%.2f", goal.aim()),
          String.join(", ", row.peers().stream().map(Object::toString).toList()));
    }
    out.flush();
  }
}
