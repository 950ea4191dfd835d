package dev.bulwark.robust.data;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain lines: each is the text of a row, also a blank one, so that answers stay in step. */
final class LineRows implements RowSource {
  private final Utf8Lines lines;
  private @Nullable String ahead;

  LineRows(Utf8Lines lines) throws IOException {
    this.lines = lines;
    this.ahead = lines.nextStripped();
  }

  @Override
  public List<String> found() {
    return ahead == null ? List.of() : List.of("text");
  }

  @Override
  public void bind(Columns columns) {
    // There is only one column, and no other passes the check before this call.
  }

  @Override
  public @Nullable Row next() throws IOException {
    String line = ahead == null ? lines.nextStripped() : ahead;
    ahead = null;
    return line == null ? null : new Row(line, null, null, lines.number());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
