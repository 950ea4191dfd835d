package dev.bulwark.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ZipViewTest {
  private static final byte[] NOISE = new byte[5_000];
  private static final byte[] ZEROS = new byte[300_000];

  static {
    new Random(1).nextBytes(NOISE);
  }

  @Test
  void storedAndDeflatedEntriesAreRead() throws IOException {
    ZipView zip = view(sample());
    assertEquals(3, zip.entries().size());
    assertArrayEquals(NOISE, zip.stored(zip.entry("a/noise.bin")).toArray(ValueLayout.JAVA_BYTE));
    assertArrayEquals(NOISE, zip.bytes(zip.entry("a/noise.bin"), 10_000));
    assertArrayEquals(ZEROS, zip.bytes(zip.entry("zeros.bin"), 1 << 20));
    assertEquals("noise.bin", zip.entry("a/noise.bin").file());
  }

  @Test
  void aCompressedEntryIsNotHandedOutAsStored() throws IOException {
    ZipView zip = view(sample());
    refused("is compressed", () -> zip.stored(zip.entry("zeros.bin")));
  }

  @Test
  void anEntryLargerThanAllowedIsRefusedBeforeItIsRead() throws IOException {
    ZipView zip = view(sample());
    refused("more than the 1000", () -> zip.bytes(zip.entry("zeros.bin"), 1_000));
  }

  @Test
  void aMissingEntryIsNamed() throws IOException {
    ZipView zip = view(sample());
    refused("no entry 'nothing'", () -> zip.entry("nothing"));
  }

  @Test
  void aFlippedBitInTheContentsIsFound() throws IOException {
    byte[] file = sample();
    int at = indexOf(file, NOISE);
    file[at + 77] ^= 1;
    ZipView zip = view(file);
    refused("'a/noise.bin' is damaged", () -> zip.bytes(zip.entry("a/noise.bin"), 10_000));
  }

  @Test
  void namesThatLeadOutAreRefused() throws IOException {
    for (String name :
        new String[] {"../a", "a/../../b", "/etc/passwd", "..", "C:/x", "a\\..\\b", "a/.."}) {
      byte[] file = ZipFiles.zip(true, "x".repeat(name.length()), new byte[1]);
      byte[] bad = replaceAll(file, "x".repeat(name.length()), name);
      refused("leads out of the archive", () -> view(bad));
    }
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    byte[] file = ZipFiles.zip(true, "aa", new byte[1], "bb", new byte[2]);
    refused("two entries 'aa'", () -> view(replaceAll(file, "bb", "aa")));
  }

  @Test
  void aLocalNameThatDiffersIsRefused() throws IOException {
    byte[] file = ZipFiles.zip(true, "aa", new byte[1]);
    file[30] = 'b';
    refused("described in two ways", () -> view(file));
  }

  @Test
  void bytesAfterTheEndAreRefused() throws IOException {
    byte[] file = sample();
    refused("no end record", () -> view(Arrays.copyOf(file, file.length + 1)));
    refused("no end record", () -> view(Arrays.copyOf(file, file.length - 1)));
  }

  @Test
  void aBombIsRefusedByItsDirectory() throws IOException {
    byte[] file = ZipFiles.zip(false, "bomb", ZEROS);
    int central = indexOf(file, new byte[] {'P', 'K', 1, 2});
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, 0x7fffffff);
    refused("claims 2147483647 bytes", () -> view(file));
  }

  @Test
  void zip64AndEncryptionAreRefused() throws IOException {
    byte[] file = ZipFiles.zip(true, "aa", new byte[1]);
    int central = indexOf(file, new byte[] {'P', 'K', 1, 2});
    byte[] encrypted = file.clone();
    encrypted[central + 8] |= 1;
    refused("encrypted", () -> view(encrypted));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 42, -1);
    refused("zip64", () -> view(file));
  }

  @Test
  void damagedArchivesAreRefusedAndNothingWorse() throws IOException {
    byte[] good = ZipFiles.zip(true, "a/noise", new byte[40], "b", new byte[3]);
    byte[] deflated = ZipFiles.zip(false, "a/noise", Arrays.copyOf(NOISE, 300), "b", new byte[900]);
    int refused =
        Mutations.run(4, 4_000, good, ZipViewTest::readAll)
            + Mutations.run(5, 4_000, deflated, ZipViewTest::readAll);
    assertTrue(refused > 4_000, "only " + refused + " of 8,000 damaged archives were refused");
  }

  private static void readAll(byte[] file) {
    ZipView zip = view(file);
    for (ZipView.Entry e : zip.entries()) {
      try {
        zip.extract(e, OutputStream.nullOutputStream());
      } catch (IOException x) {
        throw new UncheckedIOException(x);
      }
    }
  }

  private static void refused(String rule, Executable body) {
    Refusal.says("test.jar: ", rule, body);
  }

  private static byte[] sample() throws IOException {
    byte[] stored = ZipFiles.zip(true, "a/noise.bin", NOISE, "a/", new byte[0]);
    assertTrue(indexOf(stored, NOISE) > 0);
    return ZipFiles.zip(
        n -> n.equals("zeros.bin") ? false : true,
        "a/noise.bin",
        NOISE,
        "a/",
        new byte[0],
        "zeros.bin",
        ZEROS);
  }

  private static ZipView view(byte[] file) {
    return new ZipView(MemorySegment.ofArray(file), "test.jar");
  }

  private static int indexOf(byte[] file, byte[] part) {
    return new String(file, StandardCharsets.ISO_8859_1)
        .indexOf(new String(part, StandardCharsets.ISO_8859_1));
  }

  private static byte[] replaceAll(byte[] file, String from, String to) {
    return new String(file, StandardCharsets.ISO_8859_1)
        .replace(from, to)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
