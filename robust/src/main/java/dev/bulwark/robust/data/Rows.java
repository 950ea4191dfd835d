package dev.bulwark.robust.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a file in order, one in memory at a time. Close it when done. */
public final class Rows implements Iterator<Row>, Closeable {
  private final String file;
  private final RowSource source;
  private final Columns columns;
  private @Nullable Row ahead;
  private boolean ended;

  Rows(String file, RowSource source, @Nullable Columns wanted, boolean labelled)
      throws IOException {
    this.file = file;
    this.source = source;
    if (source.found().isEmpty()) {
      throw new DataException(file + ": the file is empty; it needs a header and rows");
    }
    Columns chosen = wanted == null ? Columns.detect(file, source.found(), labelled) : wanted;
    this.columns = labelled ? chosen : new Columns(chosen.text(), chosen.pair(), null);
    this.columns.requireIn(file, source.found());
    source.bind(columns);
    this.ahead = source.next();
    if (ahead == null) {
      throw new DataException(file + ": there are no rows after the header");
    }
  }

  /**
   * The columns that are read.
   *
   * @return as given, or as found by their names
   */
  public Columns columns() {
    return columns;
  }

  /**
   * Whether a row follows; reads it.
   *
   * @return true if there is one
   * @throws DataException if it is malformed
   * @throws UncheckedIOException if reading fails
   */
  @Override
  public boolean hasNext() {
    if (ahead == null && !ended) {
      try {
        ahead = source.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ended = ahead == null;
    }
    return ahead != null;
  }

  @Override
  public Row next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException(file + " has no more rows");
    }
    Row row = ahead;
    ahead = null;
    return row;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
