package dev.bulwark.robust.cli;

import dev.bulwark.robust.method.Method;
import dev.bulwark.robust.method.Methods;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists training methods. */
@Command(
    name = "methods",
    description = {
      "Lists the training methods with their options, defaults and sources.",
      "Methods joined by + make one run where that makes sense: train --method infobert+selective."
    })
final class MethodsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "show this method only")
  private @Nullable String name;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  MethodsCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Method m : name == null ? Methods.all() : List.of(Methods.named(name))) {
      out.printf("%s: %s (%s)%n", m.name(), m.summary(), m.source());
      for (Method.Option o : m.options()) {
        out.printf("    --set %s=%s  %s%n", o.name(), o.standard(), described(o));
      }
    }
    out.flush();
    return 0;
  }

  private static String described(Method.Option o) {
    return switch (o.kind()) {
      case CHOICE -> o.meaning() + " (" + String.join(" or ", o.choices()) + ")";
      case FLAG -> o.meaning() + " (true or false)";
      default -> o.meaning();
    };
  }
}
