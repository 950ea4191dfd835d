package dev.bulwark.robust.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be gzipped. */
final class Inflate {
  private Inflate() {}

  /** The bytes of a file that is there and may be read. */
  static InputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": a folder, not a file; name a file in it");
    }
    if (!Files.exists(file)) {
      throw new DataException(file + ": no such file");
    }
    if (!Files.isReadable(file)) {
      throw new DataException(file + ": the file may not be read; change its permissions");
    }
    return Files.newInputStream(file);
  }

  /** The same bytes, unpacked if they are gzipped, whatever the name says. */
  static InputStream inflated(String name, InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
    buffered.reset();
    if (!gzip) {
      return buffered;
    }
    try {
      return new GZIPInputStream(buffered, 1 << 16);
    } catch (ZipException | EOFException e) {
      throw new DataException(name + ": the gzip header is damaged; fetch the file again", e);
    }
  }
}
