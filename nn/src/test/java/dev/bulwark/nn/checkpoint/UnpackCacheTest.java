package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackCacheTest {
  private static final byte[] CONTENTS = "weights".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @Test
  void anEntryIsUnpackedOnce() throws IOException {
    assertArrayEquals(CONTENTS, contents(jar()));
    assertArrayEquals(CONTENTS, contents(jar()));
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().startsWith("unpacking w.bin (0 MB) once into "), lines.getFirst());
    assertEquals(List.of("w.bin"), names());
  }

  @Test
  void aChangedFileIsUnpackedAgain() throws IOException {
    contents(jar());
    Path file = folder.resolve("key").resolve("w.bin");
    byte[] changed = Files.readAllBytes(file);
    changed[99] ^= 1;
    Files.write(file, changed);
    assertArrayEquals(CONTENTS, contents(jar()));
    Files.write(file, new byte[3]);
    assertArrayEquals(CONTENTS, contents(jar()));
    assertEquals(3, lines.size());
  }

  @Test
  void aDamagedJarLeavesNothing() throws IOException {
    byte[] jar = jar();
    jar[60] ^= 1;
    assertThrows(CheckpointException.class, () -> contents(jar));
    assertEquals(List.of(), names());
  }

  @Test
  void leftoversOfAKilledProcessGoWhenTheyAreOld() throws IOException {
    Path key = Files.createDirectories(folder.resolve("key"));
    Path old = Files.writeString(key.resolve(".tmp-1"), "x");
    Path young = Files.writeString(key.resolve(".tmp-2"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    contents(jar());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamedWithTheFix() throws IOException {
    Files.writeString(folder.resolve("key"), "a file where a folder should be");
    String e = Refusal.of(IOException.class, () -> contents(jar()));
    assertTrue(e.contains("-Dbulwark.cache=DIR"), e);
  }

  private byte[] contents(byte[] jar) throws IOException {
    ZipView zip = new ZipView(MemorySegment.ofArray(jar), "j.jar");
    try (Arena arena = Arena.ofConfined()) {
      return new UnpackCache(folder)
          .contents(zip, zip.entry("a/w.bin"), "key", arena, lines::add)
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder.resolve("key"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  private static byte[] jar() throws IOException {
    return ZipFiles.zip(false, "a/w.bin", CONTENTS);
  }
}
