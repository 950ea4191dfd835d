package dev.bulwark.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PrivateNativesTest {
  @Test
  void theFolderIsItsOwnersAndGoesAway() {
    String before = System.getProperty("java.io.tmpdir");
    AtomicReference<Path> seen = new AtomicReference<>();
    String permissions =
        PrivateNatives.load(() -> {
          try {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"));
            seen.set(folder);
            Files.writeString(folder.resolve("library.so"), "unpacked");
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    assertEquals("rwx------", permissions);
    assertFalse(Files.exists(seen.get()));
    assertEquals(before, System.getProperty("java.io.tmpdir"));
  }

  @Test
  void aFailureLeavesNothingBehind() {
    String before = System.getProperty("java.io.tmpdir");
    assertThrows(
        UnsatisfiedLinkError.class,
        () ->
            PrivateNatives.load(() -> {
              throw new UnsatisfiedLinkError("no such library");
            }));
    assertEquals(before, System.getProperty("java.io.tmpdir"));
  }
}
