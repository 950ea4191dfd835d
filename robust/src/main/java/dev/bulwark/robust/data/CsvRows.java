package dev.bulwark.robust.data;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Comma-separated rows, RFC 4180; blank lines are skipped. */
final class CsvRows implements RowSource {
  private final String file;
  private final BoundedReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final Table table;
  private long line;

  CsvRows(String file, Utf8Lines lines, int maxRecordChars) throws IOException {
    this.file = file;
    this.reader = new BoundedReader(file, lines, maxRecordChars);
    this.parser =
        CSVParser.builder()
            .setReader(reader)
            .setFormat(CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get())
            .get();
    this.records = parser.iterator();
    CSVRecord header = record();
    this.table = new Table(file, header == null ? List.of() : header.toList());
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
    CSVRecord record = record();
    return record == null ? null : table.row(record.toList(), line);
  }

  private @Nullable CSVRecord record() throws IOException {
    long before = parser.getCurrentLineNumber();
    reader.newRecord();
    try {
      if (!records.hasNext()) {
        return null;
      }
      CSVRecord record = records.next();
      line = beginning(record);
      return record;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException bad) {
        throw DataException.at(file, before + 1, "not valid CSV: " + Names.oneLine(bad), bad);
      }
      throw e.getCause();
    }
  }

  /** The parser counts lines at a record's end; the cells tell how many of them it spans. */
  private long beginning(CSVRecord record) {
    long breaks = 0;
    for (String cell : record) {
      breaks += cell.chars().filter(c -> c == '\n').count();
    }
    // At the end of the data the parser has not counted a last line without a line break.
    return Math.max(1, reader.endedWithoutBreak(parser.getCurrentLineNumber()) - breaks);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** Characters of the lines; ends a record that never ends, as an open quote makes it. */
  private static final class BoundedReader extends Reader {
    private final String file;
    private final Utf8Lines lines;
    private final int maxRecordChars;
    private String line = "";
    private int position;
    private long sinceRecord;
    private boolean lastUnbroken;
    private boolean ended;

    BoundedReader(String file, Utf8Lines lines, int maxRecordChars) {
      this.file = file;
      this.lines = lines;
      this.maxRecordChars = maxRecordChars;
    }

    void newRecord() {
      sinceRecord = 0;
    }

    long endedWithoutBreak(long counted) {
      return ended && lastUnbroken && counted < lines.number() ? lines.number() : counted;
    }

    @Override
    public int read(char[] target, int from, int count) throws IOException {
      if (position == line.length()) {
        String next = lines.next();
        if (next == null) {
          ended = true;
          return -1;
        }
        line = next;
        position = 0;
        lastUnbroken = !line.endsWith("\n");
      }
      int part = Math.min(count, line.length() - position);
      sinceRecord += part;
      if (sinceRecord > maxRecordChars) {
        throw DataException.at(
            file,
            lines.number(),
            "a record of more than " + maxRecordChars + " characters; is a quote left open above?");
      }
      line.getChars(position, position + part, target, from);
      position += part;
      return part;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
