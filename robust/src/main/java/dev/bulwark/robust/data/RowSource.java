package dev.bulwark.robust.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one format: tells the columns first, then is bound to some of them, then read. */
interface RowSource extends Closeable {
  /** The columns found at the start of the file; none if the file is empty. */
  List<String> found();

  /**
   * Chooses the columns.
   *
   * @param columns all of them among those found
   */
  void bind(Columns columns);

  /**
   * The next row, or null at the end.
   *
   * @throws DataException if the row is malformed
   */
  @Nullable Row next() throws IOException;

  /** Cells of a header and of rows of the same width. */
  final class Table {
    private final String file;
    private final List<String> found;
    private int text;
    private int pair;
    private int label;

    Table(String file, List<String> found) {
      this.file = file;
      this.found = found;
    }

    List<String> found() {
      return found;
    }

    void bind(Columns columns) {
      text = found.indexOf(columns.text());
      pair = columns.pair() == null ? -1 : found.indexOf(columns.pair());
      label = columns.label() == null ? -1 : found.indexOf(columns.label());
    }

    Row row(List<String> cells, long line) {
      if (cells.size() != found.size()) {
        throw DataException.at(
            file,
            line,
            cells.size()
                + (cells.size() == 1 ? " cell" : " cells")
                + " where the header has "
                + found.size()
                + " columns; mend the row");
      }
      if (label >= 0 && cells.get(label).isEmpty()) {
        throw DataException.at(file, line, "the label is empty; fill it in or drop the row");
      }
      return new Row(
          cells.get(text),
          pair < 0 ? null : cells.get(pair),
          label < 0 ? null : cells.get(label),
          line);
    }
  }
}
