package dev.bulwark.robust.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry of the command line. */
@Command(
    name = "bulwark",
    description = {
      "Fine-tunes pre-trained language models to withstand adversarial text, attacks them, and"
          + " reports how robust they are. All in Java, on its own tensor engine.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "Start with: bulwark demo",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or unusable input."
    },
    subcommands = {
      DemoCommand.class,
      TrainCommand.class,
      TrainQaCommand.class,
      EvalCommand.class,
      EvalQaCommand.class,
      PerspectivesCommand.class,
      AttackCommand.class,
      CompareCommand.class,
      PredictCommand.class,
      MethodsCommand.class,
      DoctorCommand.class,
      GpuCheckCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      description = "show where an error came from",
      scope = ScopeType.INHERIT)
  private boolean stacktrace;

  @SuppressWarnings("NullAway.Init") // picocli sets the field before it is used
  Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.setProperty("java.util.logging.SimpleFormatter.format", "bulwark: %5$s%n"); // one line
    System.exit(execute(args));
  }

  /**
   * Runs a command.
   *
   * @param args the command line
   * @return the exit code
   */
  static int execute(String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(new StandardOutput(), charset()), false);
    line.setOut(out);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> Failures.report(error, main.stacktrace, command.getErr()));
    line.setParameterExceptionHandler((error, ignored) -> {
      error.getCommandLine().getErr().println("bulwark: " + error.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(
          error, error.getCommandLine().getErr());
      error
          .getCommandLine()
          .getErr()
          .println(
              "try 'bulwark "
                  + (error.getCommandLine().getCommand() instanceof Main
                      ? ""
                      : error.getCommandLine().getCommandName() + " ")
                  + "--help'");
      return Failures.USAGE;
    });
    try {
      int code = line.execute(ConfigFile.expand(args));
      if (code == 0 && out.checkError()) { // what failed already has been reported
        throw new IOException("standard output cannot be written; is the disk full?");
      }
      return code;
    } catch (IOException | IllegalArgumentException | Error e) { // not from within a command
      return Failures.report(e, main.stacktrace, line.getErr());
    }
  }

  /** Standard output that does not swallow a full disk or a closed pipe, as System.out does. */
  private static final class StandardOutput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      System.out.write(bytes, from, length);
      flush();
    }

    @Override
    public void flush() throws IOException {
      if (System.out.checkError()) { // flushes first
        throw new IOException("standard output is closed or full");
      }
    }
  }

  /** A terminal says what it can show; what is piped or kept in a file is UTF-8 everywhere. */
  private static Charset charset() {
    return Console.isTerminal() ? System.out.charset() : StandardCharsets.UTF_8;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
