package dev.bulwark.robust.eval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that are there whole or not at all, whatever happens while they are written. */
final class AtomicFiles {
  private AtomicFiles() {}

  /**
   * Writes a text as UTF-8: beside the target first, forced to disk, then moved over it.
   *
   * @throws IOException if that fails; the file that was there before is untouched then
   */
  static void write(Path target, String text) throws IOException {
    // Not createTempFile, whose files only their owner may read.
    String name = "." + target.getFileName() + "." + UUID.randomUUID() + ".part";
    Path temporary = target.resolveSibling(name);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
