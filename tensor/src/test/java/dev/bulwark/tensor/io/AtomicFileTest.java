package dev.bulwark.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void makesAndReplacesFiles() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.writeString(file, "one");
    AtomicFile.write(
        file, c -> c.write(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8))));
    assertEquals("second", Files.readString(file));
    AtomicFile.writeStream(file, out -> out.write('3'));
    assertEquals("3", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "write", "force", "move"})
  void keepsTheOldFileWhateverStepFails(String step) throws IOException {
    Path file = folder.resolve("a.txt");
    Path fresh = folder.resolve("new.txt");
    Files.writeString(file, "old");
    var e = assertThrows(IOException.class, () -> write(file, new FailingDisk(step)));
    assertEquals(
        file + ": cannot be written (No space left on device); the old file is untouched",
        e.getMessage());
    assertEquals("old", Files.readString(file));
    e = assertThrows(IOException.class, () -> write(fresh, new FailingDisk(step)));
    assertTrue(String.valueOf(e.getMessage()).endsWith("no file was made"), e.getMessage());
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void doesTheStepsInOrder() throws IOException {
    FailingDisk disk = new FailingDisk("none");
    write(folder.resolve("a.txt"), disk);
    assertEquals(List.of("create", "force", "move", "forceFolder"), disk.steps);
  }

  @Test
  void saysSoWhenOnlyTheFolderCouldNotBeForced() {
    Path file = folder.resolve("a.txt");
    var e = assertThrows(IOException.class, () -> write(file, new FailingDisk("forceFolder")));
    assertEquals(
        file
            + ": is written, but its folder could not be forced to disk (No space left on device);"
            + " a power loss now may bring the old file back",
        e.getMessage());
    assertTrue(Files.exists(file));
  }

  @Test
  void namesTheTemporaryFileThatCouldNotBeDeleted() {
    FailingDisk disk =
        new FailingDisk("force") {
          @Override
          public void delete(Path file) throws IOException {
            throw new IOException("busy");
          }
        };
    var e = assertThrows(IOException.class, () -> write(folder.resolve("a.txt"), disk));
    Throwable cause = assertInstanceOf(IOException.class, e.getCause());
    assertEquals("busy", cause.getSuppressed()[0].getMessage());
  }

  @Test
  void passesOtherFailuresOnAsTheyAre() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "old");
    RuntimeException mine = new IllegalStateException("mine");
    assertEquals(
        mine,
        assertThrows(
            RuntimeException.class,
            () ->
                AtomicFile.writeStream(
                    file,
                    out -> {
                      out.write(1);
                      throw mine;
                    })));
    TensorFileException typed = new TensorFileException(file, "t", "is odd", "fix it");
    assertEquals(
        typed,
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    c -> {
                      throw typed;
                    })));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void refusesTargetsThatCannotBeFiles() throws IOException {
    var e = assertThrows(IOException.class, () -> AtomicFile.writeString(folder, "x"));
    assertTrue(String.valueOf(e.getMessage()).contains("a folder cannot be written as a file"));
    e = assertThrows(IOException.class, () -> AtomicFile.writeString(Path.of("/"), "x"));
    assertTrue(String.valueOf(e.getMessage()).contains("a folder cannot be written as a file"));
    Path lost = folder.resolve("none").resolve("a.txt");
    e = assertThrows(IOException.class, () -> AtomicFile.writeString(lost, "x"));
    assertTrue(String.valueOf(e.getMessage()).endsWith("does not exist; make it first"));
  }

  @Test
  void quotesNamesOnOneLine() {
    Path file = Path.of("m");
    assertEquals(
        "m: tensor 'a\ufffdb' is odd; fix it",
        new TensorFileException(file, "a\nb", "is odd", "fix it").getMessage());
    String name = TensorFileException.quote("x".repeat(200));
    assertEquals("'" + "x".repeat(100) + "...'", name);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(p -> String.valueOf(p.getFileName())).toList();
    }
  }

  private static void write(Path file, FailingDisk disk) throws IOException {
    AtomicFile.write(
        file,
        c -> {
          c.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
          disk.failAt("write");
        },
        disk);
  }

  /** Fails at one step, as a full disk does. */
  private static class FailingDisk implements AtomicFile.Disk {
    final List<String> steps = new ArrayList<>();
    private final String failing;

    FailingDisk(String failing) {
      this.failing = failing;
    }

    void failAt(String step) throws IOException {
      if (step.equals(failing)) {
        throw new IOException("No space left on device");
      }
    }

    private void step(String step) throws IOException {
      steps.add(step);
      failAt(step);
    }

    @Override
    public FileChannel create(Path file) throws IOException {
      step("create");
      return AtomicFile.Disk.super.create(file);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
      step("force");
      AtomicFile.Disk.super.force(channel);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      step("move");
      AtomicFile.Disk.super.move(from, to);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      step("forceFolder");
      AtomicFile.Disk.super.forceFolder(folder);
    }
  }
}
