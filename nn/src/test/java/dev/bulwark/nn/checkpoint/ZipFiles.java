package dev.bulwark.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives for tests. */
final class ZipFiles {
  private ZipFiles() {}

  /** An archive of names, each followed by its contents, all stored or all deflated. */
  static byte[] zip(boolean stored, Object... namesAndBytes) throws IOException {
    return zip(name -> stored, namesAndBytes);
  }

  /** An archive of names, each followed by its contents. */
  static byte[] zip(Predicate<String> stored, Object... namesAndBytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        String name = (String) namesAndBytes[i];
        byte[] bytes = (byte[]) namesAndBytes[i + 1];
        ZipEntry entry = new ZipEntry(name);
        if (stored.test(name)) {
          CRC32 crc = new CRC32();
          crc.update(bytes);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(bytes.length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
