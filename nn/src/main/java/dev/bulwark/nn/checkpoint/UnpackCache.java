package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.io.CacheFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Keeps what was compressed inside jars as plain files that can be mapped.
 *
 * <p>The folder is that of {@link CacheFolder#ofUser}. Files appear in it whole or not at all, and
 * are checked against the jar's own CRC-32 each time they are used.
 */
final class UnpackCache {
  private static final Duration STALE = Duration.ofDays(1);
  private static final String UNFINISHED = ".tmp-";

  private final Path folder;

  UnpackCache(Path folder) {
    this.folder = folder;
  }

  static UnpackCache ofUser() {
    return new UnpackCache(CacheFolder.ofUser());
  }

  /**
   * The contents of an entry, unpacked before if need be.
   *
   * @param jar the archive
   * @param entry one of its entries
   * @param key what tells this archive from all others: its digest
   * @param arena how long the contents are needed
   * @param progress gets a line if there is work to do
   * @return the contents, as many bytes as the entry has and with its CRC-32
   */
  MemorySegment contents(
      ZipView jar, ZipView.Entry entry, String key, Arena arena, Consumer<String> progress)
      throws IOException {
    Path target = folder.resolve(key).resolve(entry.file());
    if (Files.exists(target) && isWhole(target, entry)) {
      return MappedFile.map(target, arena);
    }
    progress.accept(
        "unpacking %s (%d MB) once into %s"
            .formatted(entry.file(), entry.size() / 1_000_000, target.getParent()));
    try {
      unpack(jar, entry, target);
    } catch (IOException e) {
      throw new IOException(
          "cannot unpack '%s' (%d MB) to %s: %s; make room there or name another folder by -Dbulwark.cache=DIR or BULWARK_CACHE"
              .formatted(entry.name(), entry.size() / 1_000_000, target, reason(e)),
          e);
    }
    if (!isWhole(target, entry)) {
      throw new IOException(target + " does not hold what was written to it; is the disk sound?");
    }
    return MappedFile.map(target, arena);
  }

  private static boolean isWhole(Path target, ZipView.Entry entry) throws IOException {
    // In an arena of its own: a file that is to be replaced must not stay mapped.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment contents = MappedFile.map(target, arena);
      return contents.byteSize() == entry.size() && MappedFile.crc32(contents) == entry.crc();
    }
  }

  private static void unpack(ZipView jar, ZipView.Entry entry, Path target) throws IOException {
    Path parent = Files.createDirectories(target.getParent());
    removeStale(parent);
    Path unfinished = Files.createTempFile(parent, UNFINISHED, null);
    try {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 20)) {
        jar.extract(entry, out);
        out.flush();
        channel.force(true);
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Removes what a killed process left; what another process is writing now is younger. */
  private static void removeStale(Path parent) throws IOException {
    Instant limit = Instant.now().minus(STALE);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, UNFINISHED + "*")) {
      for (Path each : files) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(limit)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : " " + message);
  }
}
