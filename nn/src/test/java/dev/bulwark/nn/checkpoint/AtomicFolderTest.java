package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  private static final Set<String> OWN = Set.of("a.txt", "b.txt");
  private static final String ID = "-0123456789abcdef";

  @TempDir Path folder;

  @Test
  void aFolderIsMadeWithAllAboveIt() throws IOException {
    Path target = folder.resolve("x/y/model");
    save(target, "1");
    assertEquals("1", read(target));
    assertEquals(List.of("model"), names(target.resolveSibling(".")));
  }

  @Test
  void anOldFolderIsReplacedWhole() throws IOException {
    Path target = folder.resolve("model");
    AtomicFolder.write(target, OWN, f -> Files.writeString(f.resolve("b.txt"), "old"));
    save(target, "2");
    assertEquals(List.of("a.txt"), names(target));
    assertEquals("2", read(target));
    assertEquals(List.of("model"), names(folder));
  }

  @Test
  void aFailingWriterLeavesTheOldFolder() throws IOException {
    Path target = folder.resolve("model");
    save(target, "1");
    String e =
        Refusal.of(
            IOException.class,
            () ->
                AtomicFolder.write(
                    target,
                    OWN,
                    f -> {
                      Files.writeString(f.resolve("a.txt"), "half");
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.contains("No space left on device; the old folder is untouched"), e);
    assertEquals("1", read(target));
    assertEquals(List.of("model"), names(folder));
  }

  @Test
  void everyStepMayFailAndSomethingWholeRemains() throws IOException {
    Path target = folder.resolve("model");
    save(target, "old");
    int steps = 0;
    while (true) {
      Failing disk = new Failing(steps);
      try {
        AtomicFolder.write(target, OWN, f -> Files.writeString(f.resolve("a.txt"), "new"), disk);
        break;
      } catch (IOException e) {
        assertTrue(Set.of("old", "new").contains(read(target)), "after step " + steps);
        assertTrue(names(folder).stream().noneMatch(n -> n.startsWith(".tmp-")));
      }
      steps++;
    }
    assertEquals(5, steps, "files, folder, two renames, folder above");
    assertEquals("new", read(target));
  }

  @Test
  void aReplacementCutInTwoIsFinished() throws IOException {
    Path fresh = Files.createDirectory(folder.resolve(".tmp-model" + ID));
    Path old = Files.createDirectory(folder.resolve(".old-model" + ID));
    Files.writeString(fresh.resolve("a.txt"), "new");
    Files.writeString(old.resolve("a.txt"), "old");
    AtomicFolder.recover(folder.resolve("model"));
    assertEquals("new", read(folder.resolve("model")));
    assertEquals(List.of("model"), names(folder));
  }

  @Test
  void anOldFolderWithoutASuccessorComesBack() throws IOException {
    Path old = Files.createDirectory(folder.resolve(".old-model" + ID));
    Files.writeString(old.resolve("a.txt"), "old");
    AtomicFolder.recover(folder.resolve("model"));
    assertEquals("old", read(folder.resolve("model")));
  }

  @Test
  void anUnfinishedFolderAloneIsNotTaken() throws IOException {
    Files.createDirectory(folder.resolve(".tmp-model" + ID));
    Files.createDirectory(folder.resolve(".old-other" + ID));
    AtomicFolder.recover(folder.resolve("model"));
    assertEquals(List.of(".old-other" + ID, ".tmp-model" + ID), names(folder));
  }

  @Test
  void aFolderWithOtherThingsIsNotReplaced() throws IOException {
    Path target = folder.resolve("home");
    save(target, "1");
    Files.writeString(target.resolve("thesis.tex"), "years of work");
    String e = Refusal.of(IOException.class, () -> save(target, "2"));
    assertTrue(e.contains("thesis.tex"), e);
    assertEquals("1", read(target));
    Files.delete(target.resolve("thesis.tex"));
    Files.delete(target.resolve("a.txt"));
    Files.createDirectory(target.resolve("a.txt"));
    assertThrows(IOException.class, () -> save(target, "2"));
  }

  @Test
  void aFileIsNotReplacedByAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "x");
    String e = Refusal.of(IOException.class, () -> save(file, "2"));
    assertTrue(e.contains("is a file"), e);
  }

  private static final class Failing implements AtomicFolder.Disk {
    private int left;

    Failing(int left) {
      this.left = left;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      step();
      AtomicFolder.Disk.super.rename(from, to);
    }

    @Override
    public void force(Path fileOrFolder) throws IOException {
      step();
      AtomicFolder.Disk.super.force(fileOrFolder);
    }

    private void step() throws IOException {
      if (left-- == 0) {
        throw new IOException("the disk failed");
      }
    }
  }

  private static void save(Path target, String text) throws IOException {
    AtomicFolder.write(target, OWN, f -> Files.writeString(f.resolve("a.txt"), text));
  }

  private static String read(Path target) throws IOException {
    return Files.readString(target.resolve("a.txt"));
  }

  private static List<String> names(Path target) throws IOException {
    try (var files = Files.list(target)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
