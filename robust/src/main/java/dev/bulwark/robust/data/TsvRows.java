package dev.bulwark.robust.data;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tab-separated rows by GLUE's rules: no quoting, no escapes; blank lines are skipped. */
final class TsvRows implements RowSource {
  private final Utf8Lines lines;
  private final Table table;

  TsvRows(String file, Utf8Lines lines) throws IOException {
    this.lines = lines;
    String header = nextFilled();
    table = new Table(file, header == null ? List.of() : cells(header));
  }

  @Override
  public List<String> found() {
    return table.found();
  }

  @Override
  public void bind(Columns columns) {
    table.bind(columns);
  }

  @Override
  public @Nullable Row next() throws IOException {
    String line = nextFilled();
    return line == null ? null : table.row(cells(line), lines.number());
  }

  private @Nullable String nextFilled() throws IOException {
    String line = lines.nextStripped();
    while (line != null && line.isEmpty()) {
      line = lines.nextStripped();
    }
    return line;
  }

  private static List<String> cells(String line) {
    return List.of(line.split("\t", -1));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
