package dev.bulwark.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** Castagnoli checksums as TensorFlow's files use them. */
final class Crc32c {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final long CHUNK = 1L << 30;

  private Crc32c() {}

  /** The checksum of some bytes, in [0, 2^32). */
  static long of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      crc.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  /** Undoes the rotation that keeps a checksum of checksums from being weak. */
  static long unmask(int masked) {
    int rotated = masked - MASK_DELTA;
    return Integer.toUnsignedLong(rotated >>> 17 | rotated << 15);
  }

  /** The form in which a checksum is stored. */
  static int mask(long crc) {
    int c = (int) crc;
    return (c >>> 15 | c << 17) + MASK_DELTA;
  }
}
