package dev.bulwark.kernels.opencl;

import dev.bulwark.tensor.io.AtomicFile;
import dev.bulwark.tensor.io.CacheFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiled programs on disk, so that a driver compiles each but once. A file is used only if it is
 * whole and made for the same key; anything else, and a folder that others can write to, counts as
 * not there.
 *
 * <p>The folder is the property {@code bulwark.opencl.cache} ("off" for none), else {@code opencl}
 * in the folder of {@link CacheFolder#ofUser}.
 */
final class BinaryCache {
  private static final String MAGIC = "bulwark opencl program 1\n";
  private static final int DIGEST = 32;
  private static final int LARGEST = 64 << 20;
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  private final @Nullable Path folder;

  /** Keeps programs in a folder; null keeps none. */
  BinaryCache(@Nullable Path folder) {
    this.folder = folder;
  }

  /** The cache of this user, as properties and environment say. */
  static BinaryCache ofUser() {
    String own = System.getProperty("bulwark.opencl.cache");
    if (own != null) {
      return new BinaryCache(own.equals("off") ? null : Path.of(own));
    }
    return new BinaryCache(CacheFolder.ofUser().resolve("opencl"));
  }

  /** The key of a program: a digest of everything that its compiled form depends on. */
  static String key(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The compiled form, or null if there is none that can be trusted. */
  byte @Nullable [] read(String key) {
    if (folder == null || !isPrivate(folder)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file(folder, key))) {
      byte[] head = head(key);
      byte[] all = in.readNBytes(head.length + DIGEST + LARGEST + 1);
      int start = head.length + DIGEST;
      if (all.length <= start
          || all.length > start + LARGEST
          || !Arrays.equals(head, Arrays.copyOf(all, head.length))) {
        return null;
      }
      byte[] binary = Arrays.copyOfRange(all, start, all.length);
      byte[] digest = Arrays.copyOfRange(all, head.length, start);
      return MessageDigest.isEqual(digest, sha256().digest(binary)) ? binary : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      log("cannot read", e);
      return null;
    }
  }

  /** Keeps a compiled form; readers see the whole file or none. */
  void write(String key, byte[] binary) {
    if (folder == null || binary.length == 0 || binary.length > LARGEST) {
      return;
    }
    try {
      create(folder);
      if (!isPrivate(folder)) {
        return;
      }
      AtomicFile.writeStream(
          file(folder, key),
          out -> {
            out.write(head(key));
            out.write(sha256().digest(binary));
            out.write(binary);
          });
    } catch (IOException e) {
      log("cannot write to", e); // works without, only slower
    }
  }

  private static Path file(Path folder, String key) {
    return folder.resolve(key + ".bin");
  }

  private static byte[] head(String key) {
    return (MAGIC + key + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (isPosix()) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OURS));
    } else {
      Files.createDirectories(folder);
    }
  }

  /** Whoever can write there could make us run code of theirs. */
  private boolean isPrivate(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try {
      boolean open = isPosix() && !OURS.containsAll(writers(folder));
      if (open) {
        System.getLogger("dev.bulwark")
            .log(
                System.Logger.Level.WARNING,
                "compiled kernels are not kept in " + folder + ": others can write to it");
      }
      return !open;
    } catch (IOException e) {
      log("cannot look at", e);
      return false;
    }
  }

  private static Set<PosixFilePermission> writers(Path folder) throws IOException {
    Set<PosixFilePermission> all = Files.getPosixFilePermissions(folder);
    all.retainAll(PosixFilePermissions.fromString("-w--w--w-"));
    return all;
  }

  private void log(String what, IOException e) {
    System.getLogger("dev.bulwark")
        .log(System.Logger.Level.DEBUG, what + " the kernel cache " + folder + ": " + e);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
