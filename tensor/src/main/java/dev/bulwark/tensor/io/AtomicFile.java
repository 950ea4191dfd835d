package dev.bulwark.tensor.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file so that others, and the same program after a crash, see all of the new contents or
 * all of the old.
 *
 * <p>The contents go to a temporary file in the same folder, are forced to the disk, and take the
 * target's name in one step; then the folder is forced too. If anything fails, the temporary file
 * is deleted and the target stays as it was.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes through a channel.
   *
   * @param target the file to make or replace
   * @param body writes the contents
   * @throws IOException if the folder does not exist or writing fails; the target is untouched
   */
  public static void write(Path target, IoConsumer<FileChannel> body) throws IOException {
    write(target, body, Disk.REAL);
  }

  /**
   * Writes through a buffered stream.
   *
   * @param target the file to make or replace
   * @param body writes the contents; need not flush or close
   * @throws IOException if the folder does not exist or writing fails; the target is untouched
   */
  public static void writeStream(Path target, IoConsumer<OutputStream> body) throws IOException {
    write(
        target,
        channel -> {
          // Flushed by hand: closing the stream would close the channel before it is forced.
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          body.accept(out);
          out.flush();
        });
  }

  /**
   * Writes text in UTF-8.
   *
   * @param target the file to make or replace
   * @param text its contents
   * @throws IOException if the folder does not exist or writing fails; the target is untouched
   */
  public static void writeString(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeStream(target, out -> out.write(bytes));
  }

  static void write(Path target, IoConsumer<FileChannel> body, Disk disk) throws IOException {
    Path whole = target.toAbsolutePath();
    Path folder = whole.getParent();
    Path name = whole.getFileName();
    if (folder == null || name == null || Files.isDirectory(whole)) {
      throw new IOException(target + ": a folder cannot be written as a file; name a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(target + ": folder " + folder + " does not exist; make it first");
    }
    Path temporary = folder.resolve("." + name + "." + randomHex() + ".tmp");
    try {
      try (FileChannel channel = disk.create(temporary)) {
        body.accept(channel);
        disk.force(channel);
      }
      disk.move(temporary, whole);
    } catch (IOException e) {
      discard(temporary, disk, e);
      throw explained(target, e);
    } catch (RuntimeException | Error e) {
      discard(temporary, disk, e);
      throw e;
    }
    try {
      disk.forceFolder(folder);
    } catch (IOException e) {
      throw new IOException(
          target
              + ": is written, but its folder could not be forced to disk ("
              + e.getMessage()
              + "); a power loss now may bring the old file back",
          e);
    }
  }

  private static String randomHex() { // so that two processes never share a temporary file
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  private static void discard(Path temporary, Disk disk, Throwable reason) {
    try {
      disk.delete(temporary);
    } catch (IOException left) {
      reason.addSuppressed(left);
    }
  }

  private static IOException explained(Path target, IOException e) {
    if (e instanceof TensorFileException) {
      return e; // says all there is to say
    }
    String kept = Files.exists(target) ? "the old file is untouched" : "no file was made";
    return new IOException(target + ": cannot be written (" + e.getMessage() + "); " + kept, e);
  }

  /** The steps that can fail, so that tests can make each of them fail. */
  interface Disk {
    /** The file system itself. */
    Disk REAL = new Disk() {};

    default FileChannel create(Path file) throws IOException {
      return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    default void force(FileChannel channel) throws IOException {
      channel.force(true);
    }

    default void move(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    default void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }

    default void forceFolder(Path folder) throws IOException {
      if (!System.getProperty("os.name").startsWith("Windows")) { // which cannot open folders
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    }
  }
}
