package dev.bulwark.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is used whole and for its own key, or not at all. */
class BinaryCacheTest {
  private static final byte[] BINARY = {1, 2, 3, 0, -1};
  private static final String KEY = BinaryCache.key("source", "device");

  @TempDir Path temp;

  private Path folder() {
    return temp.resolve("deep").resolve("cache");
  }

  private Path written(BinaryCache cache) throws IOException {
    cache.write(KEY, BINARY);
    try (var files = Files.list(folder())) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString()); // nothing half written stays
      return all.getFirst();
    }
  }

  @Test
  void givesBackWhatWasKept() throws IOException {
    BinaryCache cache = new BinaryCache(folder());
    assertNull(cache.read(KEY));
    written(cache);
    assertArrayEquals(BINARY, cache.read(KEY));
    cache.write(KEY, new byte[] {7});
    assertArrayEquals(new byte[] {7}, cache.read(KEY));
    assertNull(cache.read(BinaryCache.key("source", "another device")));
    assertNotEquals(BinaryCache.key("ab", "c"), BinaryCache.key("a", "bc"));
  }

  @Test
  void aFileThatIsNotWholeIsIgnored() throws IOException {
    BinaryCache cache = new BinaryCache(folder());
    Path file = written(cache);
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += 7) {
      Files.write(file, Arrays.copyOf(good, length));
      assertNull(cache.read(KEY));
    }
    for (int place = 0; place < good.length; place++) {
      byte[] changed = good.clone();
      changed[place] ^= 4;
      Files.write(file, changed);
      assertNull(cache.read(KEY));
    }
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    assertNull(cache.read(KEY));
    Files.write(file, good);
    assertArrayEquals(BINARY, cache.read(KEY));
  }

  @Test
  void aFileOfAnotherKeyIsIgnored() throws IOException {
    BinaryCache cache = new BinaryCache(folder());
    Path file = written(cache);
    String other = BinaryCache.key("other");
    Files.move(file, file.resolveSibling(other + ".bin"));
    assertNull(cache.read(other));
  }

  @Test
  void aFolderThatOthersCanWriteToIsNotUsed() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    BinaryCache cache = new BinaryCache(folder());
    written(cache);
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwx---"));
    assertNull(cache.read(KEY));
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertArrayEquals(BINARY, cache.read(KEY));
  }

  @Test
  void worksWithoutAFolder() throws IOException {
    BinaryCache none = new BinaryCache(null);
    none.write(KEY, BINARY);
    assertNull(none.read(KEY));
    Path file = Files.createFile(temp.resolve("file"));
    BinaryCache impossible = new BinaryCache(file.resolve("below"));
    impossible.write(KEY, BINARY);
    assertNull(impossible.read(KEY));
  }
}
