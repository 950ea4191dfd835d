package dev.bulwark.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a sorted string table (LevelDB's format), in which TensorFlow keeps the index of a bundle.
 *
 * <p>The file is a row of blocks, each followed by a type byte (0: not compressed) and a masked
 * CRC-32C; the last 48 bytes point to the block that lists the others. In a block, a key leaves out
 * what it shares with the key before.
 */
final class SortedTable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int FOOTER = 48;
  private static final int TRAILER = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_KEY_BYTES = 16 << 20;
  private static final int MOST_ENTRIES = 200_000;

  private final MemorySegment file;
  private final String where;
  private final Charset keys;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
  private byte[] lastKey = {};
  private long keyBytes;

  private SortedTable(MemorySegment file, String where, Charset keys) {
    this.file = file;
    this.where = where;
    this.keys = keys;
  }

  /**
   * All entries of a table.
   *
   * @param file the whole file
   * @param where what to call it
   * @return values by key, in ascending order of keys
   */
  static Map<String, MemorySegment> read(MemorySegment file, String where) {
    SortedTable table = new SortedTable(file, where, StandardCharsets.UTF_8);
    table.readAll();
    return table.entries;
  }

  private void readAll() {
    long size = file.byteSize();
    if (size > MOST_BYTES) {
      throw bad("it is larger than " + MOST_BYTES + " bytes, the most that is read");
    }
    if (size < FOOTER || file.get(LONG, size - 8) != MAGIC) {
      throw bad("it does not end with the mark of a sorted table; is the file complete?");
    }
    ProtoReader footer = new ProtoReader(file.asSlice(size - FOOTER, FOOTER - 8), where);
    footer.rawVarint(); // the block of filters, empty in a bundle
    footer.rawVarint();
    // Keys of the index only separate blocks and may be cut anywhere.
    SortedTable index = new SortedTable(file, where, StandardCharsets.ISO_8859_1);
    index.readBlock(footer);
    long end = 0;
    for (MemorySegment handle : index.entries.values()) {
      ProtoReader reader = new ProtoReader(handle, where);
      long at = readBlock(reader);
      // Blocks that do not go forward could be listed a thousand times over.
      if (at < end) {
        throw bad("its blocks are not in ascending order");
      }
      end = at + 1;
    }
  }

  /** Reads the block a handle points to and gives its offset. */
  private long readBlock(ProtoReader handle) {
    long at = handle.rawVarint();
    long size = handle.rawVarint();
    long room = file.byteSize() - FOOTER;
    if (at < 0 || size < 4 || at > room || size > room - at - TRAILER) {
      throw bad(
          "a block at %s of %s bytes does not fit into the file"
              .formatted(Long.toUnsignedString(at), Long.toUnsignedString(size)));
    }
    byte type = file.get(ValueLayout.JAVA_BYTE, at + size);
    if (type != 0) {
      throw bad("a block is compressed (type " + type + "), which is not read");
    }
    long crc = Crc32c.of(file.asSlice(at, size + 1));
    if (Crc32c.unmask(file.get(INT, at + size + 1)) != crc) {
      throw bad("the block at byte " + at + " is damaged: its checksum does not fit");
    }
    readEntries(file.asSlice(at, size));
    return at;
  }

  private void readEntries(MemorySegment block) {
    long restarts = Integer.toUnsignedLong(block.get(INT, block.byteSize() - 4));
    long end = block.byteSize() - 4 - 4 * restarts;
    if (end < 0) {
      throw bad("a block announces " + restarts + " restarts, more than fit into it");
    }
    ProtoReader reader = new ProtoReader(block.asSlice(0, end), where);
    while (!reader.atEnd()) {
      long shared = reader.rawVarint();
      long rest = reader.rawVarint();
      long valueSize = reader.rawVarint();
      if (shared < 0 || shared > lastKey.length) {
        throw bad("a key shares more with the one before than that has");
      }
      MemorySegment tail = reader.take(rest);
      keyBytes += shared + rest;
      if (keyBytes > MOST_KEY_BYTES || entries.size() == MOST_ENTRIES) {
        throw bad(
            "it has more than %d entries or %d bytes of keys"
                .formatted(MOST_ENTRIES, MOST_KEY_BYTES));
      }
      byte[] key = Arrays.copyOf(lastKey, (int) (shared + rest));
      MemorySegment.copy(tail, ValueLayout.JAVA_BYTE, 0, key, (int) shared, (int) rest);
      if (!entries.isEmpty() && Arrays.compareUnsigned(lastKey, key) >= 0) {
        throw bad("its keys are not in ascending order");
      }
      lastKey = key;
      entries.put(text(key), reader.take(valueSize));
    }
  }

  private String text(byte[] key) {
    try {
      return keys.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw bad("a key is not valid UTF-8");
    }
  }

  private CheckpointException bad(String rule) {
    return CheckpointException.at(where, "cannot read the sorted table: " + rule);
  }
}
