package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.io.IoConsumer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes a folder of files so that others, and the same program after a crash, see all of the new
 * one or all of the old.
 *
 * <p>The new folder is built beside the target as {@code .tmp-NAME-ID} and forced to the disk. If
 * there is an old one it becomes {@code .old-NAME-ID}, the new one takes its place, and the old one
 * is deleted. A crash between the two renames leaves no target but both of these; {@link #recover}
 * finishes the job then, since the new folder was complete before the first rename.
 */
final class AtomicFolder {
  private static final Duration STALE = Duration.ofHours(1);

  /** The steps that can fail, so that tests can make each of them fail. */
  interface Disk {
    default void rename(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    default void force(Path fileOrFolder) throws IOException {
      boolean folder = Files.isDirectory(fileOrFolder);
      if (folder && System.getProperty("os.name").startsWith("Windows")) {
        return; // which cannot open folders
      }
      try (FileChannel channel =
          FileChannel.open(
              fileOrFolder, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  private static final Disk REAL = new Disk() {};

  private AtomicFolder() {}

  /**
   * Writes a folder.
   *
   * @param target the folder to make or replace; missing folders above it are made
   * @param replaceable names of files an old folder may hold and still be replaced
   * @param body writes the files into an empty folder
   * @throws IOException if writing fails, or the old folder holds something else; the old folder is
   *     untouched then
   */
  static void write(Path target, Set<String> replaceable, IoConsumer<Path> body)
      throws IOException {
    write(target, replaceable, body, REAL);
  }

  static void write(Path target, Set<String> replaceable, IoConsumer<Path> body, Disk disk)
      throws IOException {
    Place place = Place.of(target);
    Files.createDirectories(place.parent);
    recover(target);
    checkReplaceable(place.target, replaceable);
    removeStale(place);
    String id = HexFormat.of().formatHex(randomBytes());
    Path fresh = Files.createDirectory(place.fresh(id));
    try {
      body.accept(fresh);
      forceAll(fresh, disk);
      swap(place, fresh, place.old(id), disk);
    } catch (IOException e) {
      discard(fresh, e);
      throw new IOException(
          "cannot save "
              + target
              + ": "
              + (e.getMessage() == null ? e.toString() : e.getMessage())
              + (Files.exists(place.target) ? "; the old folder is untouched" : ""),
          e);
    } catch (RuntimeException | Error e) {
      discard(fresh, e);
      throw e;
    }
  }

  private static void discard(Path fresh, Throwable reason) {
    try {
      delete(fresh);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static void swap(Place place, Path fresh, Path old, Disk disk) throws IOException {
    boolean replaces = Files.exists(place.target);
    if (replaces) {
      disk.rename(place.target, old);
    }
    try {
      disk.rename(fresh, place.target);
    } catch (IOException | RuntimeException | Error e) {
      if (replaces) {
        disk.rename(old, place.target);
      }
      throw e;
    }
    disk.force(place.parent);
    if (replaces) {
      delete(old);
    }
  }

  /**
   * Ends a replacement that a crash cut in two; does nothing if there is none.
   *
   * @param target the folder that may be missing
   * @throws IOException if the folder beside it cannot be renamed
   */
  static void recover(Path target) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    Place place = Place.of(target);
    if (!Files.isDirectory(place.parent)) {
      return;
    }
    try (DirectoryStream<Path> olds = Files.newDirectoryStream(place.parent, place::isOld)) {
      for (Path old : olds) {
        Path fresh = place.fresh(place.id(old));
        boolean complete = Files.isDirectory(fresh);
        REAL.rename(complete ? fresh : old, place.target);
        REAL.force(place.parent);
        if (complete) {
          delete(old);
        }
        return;
      }
    }
  }

  private static void checkReplaceable(Path target, Set<String> replaceable) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new IOException(target + " is a file where a folder is to be saved");
    }
    List<String> others = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
      for (Path each : files) {
        String name = String.valueOf(each.getFileName());
        if (others.size() < 5 && !(replaceable.contains(name) && Files.isRegularFile(each))) {
          others.add(name);
        }
      }
    }
    if (!others.isEmpty()) {
      throw new IOException(
          "cannot save "
              + target
              + ": it holds other things than a model ("
              + String.join(", ", others)
              + "), which would be lost; name a new or an empty folder");
    }
  }

  /** Removes what crashes left; what another process is writing now is younger. */
  private static void removeStale(Place place) throws IOException {
    Instant limit = Instant.now().minus(STALE);
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(place.parent, p -> place.isFresh(p) || place.isOld(p))) {
      for (Path each : left) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(limit)) {
          delete(each);
        }
      }
    }
  }

  private static void forceAll(Path folder, Disk disk) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        disk.force(each);
      }
    }
    disk.force(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /**
   * Names around a target.
   *
   * @param target its absolute path
   * @param parent the folder above
   * @param name its last name
   */
  private record Place(Path target, Path parent, String name) {
    static Place of(Path target) throws IOException {
      Path whole = target.toAbsolutePath().normalize();
      if (whole.getParent() == null || whole.getFileName() == null) {
        throw new IOException(target + " cannot be saved to; name a folder");
      }
      return new Place(whole, whole.getParent(), Objects.toString(whole.getFileName()));
    }

    Path fresh(String id) {
      return parent.resolve(".tmp-" + name + "-" + id);
    }

    Path old(String id) {
      return parent.resolve(".old-" + name + "-" + id);
    }

    boolean isFresh(Path path) {
      return is(path, ".tmp-");
    }

    boolean isOld(Path path) {
      return is(path, ".old-");
    }

    private boolean is(Path path, String prefix) {
      return Objects.toString(path.getFileName())
          .matches(Pattern.quote(prefix + name + "-") + "[0-9a-f]{16}");
    }

    String id(Path path) {
      String file = Objects.toString(path.getFileName());
      return file.substring(file.length() - 16);
    }
  }
}
