package dev.bulwark.robust.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "bulwark "
          + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
              .orElse("(development)")
    };
  }
}
