package dev.bulwark.robust.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A file of text, mostly labelled: TSV, CSV, JSON lines or plain lines, also gzipped, single
 * sentences or pairs.
 *
 * <p>A value that says where the rows are and how to read them; nothing is opened before {@link
 * #rows}, {@link #labels}, {@link #stream} or {@link #readAll}. Each of these reads the file anew,
 * holding one row at a time.
 *
 * <pre>{@code
 * Corpus train = Corpus.of(Path.of("train.tsv"));
 * Labels labels = train.labels();
 * List<Example> examples = train.readAll(labels);
 * List<Example> dev = Corpus.of(Path.of("dev.jsonl.gz")).readAll(labels);
 * }</pre>
 */
public final class Corpus {
  /** Gives the bytes of a file from the start, each time it is asked. */
  @FunctionalInterface
  public interface Source {
    /**
     * Opens the file.
     *
     * @return its bytes, to be closed by the reader
     * @throws IOException if that fails
     */
    InputStream open() throws IOException;
  }

  private final String name;
  private final Source source;
  private final @Nullable Format format;
  private final @Nullable Columns columns;
  private final int maxLineBytes;
  private final boolean labelled;

  private Corpus(
      String name,
      Source source,
      @Nullable Format format,
      @Nullable Columns columns,
      int maxLineBytes,
      boolean labelled) {
    this.name = name;
    this.source = source;
    this.format = format;
    this.columns = columns;
    this.maxLineBytes = maxLineBytes;
    this.labelled = labelled;
  }

  /**
   * A file on disk; the format shows in its extension, the columns in its header.
   *
   * @param file the file
   * @return the corpus
   */
  public static Corpus of(Path file) {
    return of(file.toString(), () -> Inflate.open(file));
  }

  /**
   * Bytes from anywhere, for example a class-path resource.
   *
   * @param name what to call them in messages; its extension tells the format
   * @param source gives the bytes
   * @return the corpus
   */
  public static Corpus of(String name, Source source) {
    return new Corpus(name, source, null, null, Utf8Lines.MAX_LINE_BYTES, true);
  }

  /**
   * The same file, its format named instead of taken from the extension.
   *
   * @param stated the format
   * @return a corpus
   */
  public Corpus withFormat(Format stated) {
    return new Corpus(name, source, stated, columns, maxLineBytes, labelled);
  }

  /**
   * The same file, its columns named instead of found by their usual names.
   *
   * @param stated the columns
   * @return a corpus
   */
  public Corpus withColumns(Columns stated) {
    return new Corpus(name, source, format, stated, maxLineBytes, labelled);
  }

  /**
   * The same file with another bound on the length of a line or CSV record (default 16 MiB).
   *
   * @param bytes the bound, at least 1
   * @return a corpus
   */
  public Corpus withMaxLineBytes(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("the longest line must be at least 1 byte, not " + bytes);
    }
    return new Corpus(name, source, format, columns, bytes, labelled);
  }

  /**
   * The same file without labels: no label column is needed, and only {@link #rows} can be read.
   *
   * @return a corpus
   */
  public Corpus unlabelled() {
    return new Corpus(name, source, format, columns, maxLineBytes, false);
  }

  /**
   * What messages call it.
   *
   * @return the path as given, or the name of a stream
   */
  public String name() {
    return name;
  }

  /**
   * Opens the file and checks its header and first row.
   *
   * @return the rows; to be closed
   * @throws DataException if the file is missing, empty, malformed or lacks a column
   * @throws IOException if reading fails
   */
  public Rows rows() throws IOException {
    Format rowFormat = format == null ? Format.ofName(name) : format;
    InputStream in = source.open();
    try {
      Utf8Lines lines = new Utf8Lines(name, Inflate.inflated(name, in), maxLineBytes);
      RowSource rows =
          switch (rowFormat) {
            case TSV -> new TsvRows(name, lines);
            case CSV -> new CsvRows(name, lines, maxLineBytes);
            case JSONL -> new JsonRows(name, lines);
            case LINES -> new LineRows(lines);
          };
      return new Rows(name, rows, columns, labelled);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The classes that occur in the file, in one pass over it.
   *
   * @return the sorted set: see {@link Labels#infer}
   * @throws DataException if the file is malformed or has fewer than 2 classes
   * @throws IOException if reading fails
   */
  public Labels labels() throws IOException {
    Set<String> seen = new LinkedHashSet<>();
    try (Rows rows = rows()) {
      rows.forEachRemaining(row -> seen.add(label(row)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    try {
      return Labels.infer(seen);
    } catch (DataException e) {
      throw new DataException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * All examples in order, read as they are asked for.
   *
   * @param labels the classes, usually those of the training file
   * @return a sequential stream, to be closed; it throws {@link DataException} at a malformed row
   *     or a label outside the set, {@link UncheckedIOException} when reading fails
   * @throws IOException if opening fails
   */
  public Stream<Example> stream(Labels labels) throws IOException {
    Rows rows = rows();
    Spliterator<Row> ordered =
        Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED | Spliterator.NONNULL);
    return StreamSupport.stream(ordered, false)
        .map(row -> example(row, labels))
        .onClose(() -> close(rows));
  }

  /**
   * All examples at once.
   *
   * @param labels the classes, usually those of the training file
   * @return the examples in order, at least one
   * @throws DataException if a row is malformed or its label outside the set
   * @throws IOException if reading fails
   */
  public List<Example> readAll(Labels labels) throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Rows rows = rows()) {
      rows.forEachRemaining(row -> examples.add(example(row, labels)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return examples;
  }

  private Example example(Row row, Labels labels) {
    String label = label(row);
    OptionalInt index = labels.index(label);
    if (index.isEmpty()) {
      throw DataException.at(name, row.line(), labels.rejection(label));
    }
    return new Example(row.text(), row.pair(), index.getAsInt());
  }

  private String label(Row row) {
    String label = row.label();
    if (label == null) {
      throw DataException.at(name, row.line(), "the row is read without a label; name its column");
    }
    return label;
  }

  private static void close(Rows rows) {
    try {
      rows.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
