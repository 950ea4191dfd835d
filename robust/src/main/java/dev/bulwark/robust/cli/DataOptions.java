package dev.bulwark.robust.cli;

import dev.bulwark.robust.data.Columns;
import dev.bulwark.robust.data.Corpus;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which columns of a data file to read. */
final class DataOptions {
  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      description = "column of the text (default: found by its usual names)")
  private @Nullable String text;

  @Option(
      names = "--pair-column",
      paramLabel = "NAME",
      description = "column of the second text of a pair")
  private @Nullable String pair;

  @Option(names = "--label-column", paramLabel = "NAME", description = "column of the label")
  private @Nullable String label;

  @Override
  public String toString() {
    return "text %s, pair %s, label %s".formatted(text, pair, label);
  }

  /** The file with these columns. */
  Corpus corpus(Path file) {
    Corpus corpus = Corpus.of(file);
    if (text == null && pair == null && label == null) {
      return corpus;
    }
    if (text == null) {
      throw new IllegalArgumentException(
          "--pair-column and --label-column go with --text-column; name that as well");
    }
    return corpus.withColumns(new Columns(text, pair, label == null ? "label" : label));
  }
}
