package dev.bulwark.robust.data;

import java.util.Locale;

/** How rows are laid out in a file. Any of them may be gzipped. */
public enum Format {
  /**
   * Tab-separated with a header line, as the GLUE tasks are published: a quote is an ordinary
   * character and a cell cannot hold a tab or a line break.
   */
  TSV,

  /** Comma-separated with a header record, RFC 4180: cells may be quoted and then span lines. */
  CSV,

  /** One JSON object a line. */
  JSONL,

  /** Plain text, one input a line, without header and labels; blank lines are inputs, too. */
  LINES;

  /**
   * The format that a file name's extension stands for; a final {@code .gz} is looked through.
   *
   * @param fileName a name or path
   * @return the format
   * @throws DataException if the extension is none of tsv, csv, jsonl, ndjson, json, txt
   */
  public static Format ofName(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz")) {
      name = name.substring(0, name.length() - ".gz".length());
    }
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "tsv" -> TSV;
      case "csv" -> CSV;
      case "jsonl", "ndjson", "json" -> JSONL;
      case "txt" -> LINES;
      default ->
          throw new DataException(
              fileName
                  + ": the format does not show in the name; end it in .tsv, .csv, .jsonl or .txt"
                  + " (optionally .gz), or name the format");
    };
  }
}
