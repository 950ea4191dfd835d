package dev.bulwark.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Maps whole files and takes their digests. */
final class MappedFile {
  private static final long CHUNK = 1L << 26;

  private MappedFile() {}

  /** The contents of a file, for as long as the arena lives. */
  static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** A digest of some bytes in lower-case hexadecimal digits. */
  static String digest(String algorithm, MemorySegment bytes) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      digest.update(chunk(bytes, at));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** CRC-32 as zip uses it, in [0, 2^32). */
  static long crc32(MemorySegment bytes) {
    CRC32 crc = new CRC32();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      crc.update(chunk(bytes, at));
    }
    return crc.getValue();
  }

  private static ByteBuffer chunk(MemorySegment bytes, long at) {
    return bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
  }
}
