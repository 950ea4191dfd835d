package dev.bulwark.robust.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a stream of UTF-8 bytes, one at a time.
 *
 * <p>A line ends with LF, CR LF or the end of the stream. A byte order mark at the start is
 * dropped. Memory is bounded by the longest line allowed, whatever the stream holds.
 */
public final class Utf8Lines implements Closeable {
  /** Longest line, in bytes: far above any text worth classifying, far below the heap. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private final String file;
  private final InputStream in;
  private final int maxLineBytes;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 10];
  private long lines;

  /** Bytes of the stream before the current line. */
  private long offset;

  private long nextOffset;

  Utf8Lines(String file, InputStream in, int maxLineBytes) {
    this.file = file;
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Lines of a stream, with the usual bound on their length.
   *
   * @param file what messages call the stream
   * @param in the bytes; closed with this
   */
  public Utf8Lines(String file, InputStream in) {
    this(file, in, MAX_LINE_BYTES);
  }

  /** Whether more bytes are there without waiting for whoever writes them. */
  public boolean ready() throws IOException {
    return position < limit || in.available() > 0;
  }

  /** The number of the line last returned, from 1. */
  public long number() {
    return lines;
  }

  /**
   * The next line with its line break, or null at the end.
   *
   * @throws DataException if the line is not UTF-8 or too long
   */
  @Nullable String next() throws IOException {
    int length = 0;
    boolean ended = false;
    while (!ended) {
      if (position == limit && !fill()) {
        break;
      }
      int from = position;
      while (position < limit && !ended) {
        ended = buffer[position++] == '\n';
      }
      int part = position - from;
      if (part > maxLineBytes - length) {
        throw DataException.at(
            file,
            lines + 1,
            "longer than " + maxLineBytes + " bytes; is this a text file with one row a line?");
      }
      if (line.length - length < part) {
        line = Arrays.copyOf(line, Math.max(length + part, 2 * line.length));
      }
      System.arraycopy(buffer, from, line, length, part);
      length += part;
    }
    if (length == 0) {
      return null;
    }
    lines++;
    offset = nextOffset;
    nextOffset += length;
    return decode(length);
  }

  /**
   * The next line without its line break, or null at the end.
   *
   * @throws DataException if the line is not UTF-8 or too long
   */
  public @Nullable String nextStripped() throws IOException {
    String text = next();
    if (text == null || !text.endsWith("\n")) {
      return text;
    }
    return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
  }

  private boolean fill() throws IOException {
    position = 0;
    try {
      limit = Math.max(0, in.read(buffer));
    } catch (EOFException e) {
      limit = 0;
      throw new DataException(file + ": the compressed data end too early; fetch it again", e);
    } catch (ZipException e) {
      limit = 0;
      throw new DataException(file + ": the compressed data are damaged; fetch it again", e);
    }
    return limit > 0;
  }

  private String decode(int length) {
    int start = 0;
    if (lines == 1 && length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB) {
      start = line[2] == (byte) 0xBF ? 3 : 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(line, start, length - start);
    CharBuffer chars = CharBuffer.allocate(length - start);
    CoderResult result = decoder.reset().decode(bytes, chars, true);
    if (result.isError()) {
      throw DataException.at(
          file,
          lines,
          "not UTF-8: byte "
              + String.format("0x%02X", line[bytes.position()])
              + " at offset "
              + (offset + bytes.position())
              + "; convert the file to UTF-8");
    }
    return chars.flip().toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
