package dev.bulwark.bench.peers;

import dev.bulwark.tensor.io.TensorFileException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry of {@code ./bulwark bench}. */
@Command(
    name = "bulwark bench",
    description = {"Measures how fast Bulwark is beside other libraries on this machine.", ""},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Exit codes: 0 done, 1 failed or slower than the baseline, 2 wrong usage."},
    subcommands = {PeersCommand.class, AttackCommand.class, GuardCommand.class, ListCommand.class})
public final class Bench implements Runnable {
  /** Something went wrong, or a ratio fell. */
  static final int FAILED = 1;

  /** Wrong usage, or input that cannot be used. */
  static final int USAGE = 2;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it is used
  Bench() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line after "bench"
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs a command and gives the exit code. */
  static int execute(String... args) {
    return commandLine().execute(args);
  }

  /** The command line with its errors as one line each. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Bench());
    line.setExecutionExceptionHandler((error, command, parsed) -> report(error, command.getErr()));
    line.setParameterExceptionHandler((error, ignored) -> {
      PrintWriter err = error.getCommandLine().getErr();
      err.println("bulwark: " + error.getMessage());
      err.println("try '" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
      return USAGE;
    });
    return line;
  }

  private static int report(Exception error, PrintWriter err) {
    boolean input =
        error instanceof IllegalArgumentException
            || error instanceof TensorFileException
            || error instanceof NoSuchFileException;
    String said = error instanceof NoSuchFileException ? "no such file: " : "";
    err.println("bulwark: " + (error.getMessage() == null ? error : said + error.getMessage()));
    return input ? USAGE : FAILED;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
