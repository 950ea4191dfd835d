package dev.bulwark.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a zip or jar in place: entries that are stored without compression are handed out as parts
 * of the mapped file, which {@code java.util.zip} cannot do.
 *
 * <p>Everything two readers of a zip might see differently is refused: two entries of one name,
 * local headers that contradict the directory, entries that overlap, bytes before the first entry
 * or after the last, names that lead out of a folder. So are encryption, several disks and zip64.
 */
final class ZipView {
  /**
   * A file of the archive.
   *
   * @param name its path, with slashes
   * @param method 0 if stored, 8 if deflated
   * @param crc CRC-32 of its contents, in [0, 2^32)
   * @param packed bytes in the archive
   * @param size bytes of its contents
   * @param offset where its local header starts
   */
  record Entry(String name, int method, long crc, long packed, long size, long offset) {
    /** Its name without folders. */
    String file() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int END = 0x06054b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final long NO_ZIP64 = 0xffffffffL;
  private static final int MOST_RATIO = 1_100; // deflate cannot do better than 1032
  private static final int CHUNK = 1 << 20;

  private final MemorySegment file;
  private final String where;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Reads the directory of an archive.
   *
   * @param file the whole archive
   * @param where what to call it
   * @throws CheckpointException if it is damaged or ambiguous
   */
  ZipView(MemorySegment file, String where) {
    this.file = file;
    this.where = where;
    long end = findEnd();
    int count = u16(end + 10);
    long size = u32(end + 12);
    long start = u32(end + 16);
    if (u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != count) {
      throw bad("it is one of several disks");
    }
    if (size == NO_ZIP64 || start == NO_ZIP64 || count == 0xffff) {
      throw bad("it is a zip64 archive, which is not read");
    }
    if (start + size != end) {
      throw bad("its directory does not lie just before its end");
    }
    long at = start;
    for (int i = 0; i < count; i++) {
      at = readCentral(at, end);
    }
    if (at != end) {
      throw bad("its directory has more bytes than entries");
    }
    checkPlaces(start);
  }

  /** Files of the archive, in the order of its directory. */
  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** The entry of a name. */
  Entry entry(String name) {
    Entry e = entries.get(name);
    if (e == null) {
      throw CheckpointException.at(where, "there is no entry '" + name + "'");
    }
    return e;
  }

  /** The contents of an entry that is not compressed, without a copy. */
  MemorySegment stored(Entry entry) {
    if (entry.method != STORED) {
      throw bad("the entry '" + entry.name + "' is compressed where it must not be");
    }
    return packed(entry);
  }

  /** The contents of a small entry. */
  byte[] bytes(Entry entry, int most) throws IOException {
    if (entry.size > most) {
      throw bad(
          "the entry '%s' has %d bytes, more than the %d that are read"
              .formatted(entry.name, entry.size, most));
    }
    var out = new ByteArrayOutputStream((int) entry.size);
    extract(entry, out);
    return out.toByteArray();
  }

  /** Writes the contents of an entry to a stream and checks length and CRC-32. */
  void extract(Entry entry, OutputStream out) throws IOException {
    CRC32 crc = new CRC32();
    MemorySegment packed = packed(entry);
    long written =
        switch (entry.method) {
          case STORED -> copy(packed, out, crc);
          case DEFLATED -> inflate(entry, packed, out, crc);
          default ->
              throw bad(
                  "the entry '%s' is packed by method %d, which is not read"
                      .formatted(entry.name, entry.method));
        };
    if (written != entry.size || crc.getValue() != entry.crc) {
      throw damaged(entry);
    }
  }

  private static long copy(MemorySegment packed, OutputStream out, CRC32 crc) throws IOException {
    byte[] buffer = new byte[(int) Math.min(CHUNK, packed.byteSize())];
    for (long at = 0; at < packed.byteSize(); ) {
      int n = (int) Math.min(buffer.length, packed.byteSize() - at);
      MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, at, buffer, 0, n);
      crc.update(buffer, 0, n);
      out.write(buffer, 0, n);
      at += n;
    }
    return packed.byteSize();
  }

  private long inflate(Entry entry, MemorySegment packed, OutputStream out, CRC32 crc)
      throws IOException {
    byte[] buffer = new byte[Math.clamp(entry.size, 1, CHUNK)];
    long written = 0;
    long at = 0;
    try (Inflater inflater = new Inflater(true)) {
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          long n = Math.min(CHUNK, packed.byteSize() - at);
          if (n == 0) {
            throw damaged(entry);
          }
          inflater.setInput(packed.asSlice(at, n).asByteBuffer());
          at += n;
        }
        int n = inflater.inflate(buffer);
        written += n;
        if (written > entry.size || inflater.needsDictionary()) {
          throw damaged(entry);
        }
        crc.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    } catch (DataFormatException e) { // says nothing more
      throw damaged(entry);
    }
    return written;
  }

  private CheckpointException damaged(Entry entry) {
    return bad("the entry '" + entry.name + "' is damaged: length or CRC-32 does not fit");
  }

  private long findEnd() {
    long size = file.byteSize();
    for (long at = size - END_SIZE; at >= Math.max(0, size - END_SIZE - 0xffff); at--) {
      if (file.get(INT, at) == END && at + END_SIZE + u16(at + 20) == size) {
        return at;
      }
    }
    throw bad("it has no end record; is the file complete?");
  }

  private long readCentral(long at, long end) {
    if (at > end - CENTRAL_SIZE || file.get(INT, at) != CENTRAL) {
      throw bad("its directory is cut short");
    }
    int nameSize = u16(at + 28);
    long next = at + CENTRAL_SIZE + nameSize + u16(at + 30) + u16(at + 32);
    if (next > end) {
      throw bad("its directory is cut short");
    }
    String name = name(at + CENTRAL_SIZE, nameSize);
    Entry entry =
        new Entry(name, u16(at + 10), u32(at + 16), u32(at + 20), u32(at + 24), u32(at + 42));
    if ((u16(at + 8) & 1) != 0) {
      throw bad("the entry '" + name + "' is encrypted");
    }
    if (entry.packed == NO_ZIP64 || entry.size == NO_ZIP64 || entry.offset == NO_ZIP64) {
      throw bad("it is a zip64 archive, which is not read");
    }
    if ((entry.method == STORED && entry.packed != entry.size)
        || entry.size > MOST_RATIO * (entry.packed + 1)) {
      throw bad("the entry '%s' claims %d bytes in %d".formatted(name, entry.size, entry.packed));
    }
    if (entries.put(name, entry) != null) {
      throw bad("there are two entries '" + name + "'");
    }
    return next;
  }

  private String name(long at, int size) {
    String name;
    try {
      name =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(file.asSlice(at, size).asByteBuffer())
              .toString();
    } catch (CharacterCodingException e) {
      throw bad("the name of an entry is not valid UTF-8");
    }
    if (name.isEmpty()
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf(':') >= 0
        || name.indexOf('\0') >= 0
        || ("/" + name + "/").contains("/../")) {
      throw bad("the name of an entry leads out of the archive: '" + name + "'");
    }
    return name;
  }

  private void checkPlaces(long directory) {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::offset));
    long free = 0;
    for (Entry e : sorted) {
      if (e.offset < free || e.offset > directory - LOCAL_SIZE) {
        throw bad("the entry '" + e.name + "' overlaps another one or the directory");
      }
      if (file.get(INT, e.offset) != LOCAL) {
        throw bad("the entry '" + e.name + "' has no header of its own");
      }
      long data = dataOf(e);
      if (e.packed > directory - data) {
        throw bad("the entry '" + e.name + "' overlaps the directory");
      }
      boolean sizesFollow = (u16(e.offset + 6) & 8) != 0;
      boolean agree =
          u16(e.offset + 8) == e.method
              && u16(e.offset + 26) == e.name.getBytes(StandardCharsets.UTF_8).length
              && name(e.offset + LOCAL_SIZE, u16(e.offset + 26)).equals(e.name)
              && (sizesFollow
                  || (u32(e.offset + 14) == e.crc
                      && u32(e.offset + 18) == e.packed
                      && u32(e.offset + 22) == e.size));
      if (!agree) {
        throw bad("the entry '" + e.name + "' is described in two ways that differ");
      }
      free = data + e.packed;
    }
  }

  private long dataOf(Entry e) {
    long data = e.offset + LOCAL_SIZE + u16(e.offset + 26) + u16(e.offset + 28);
    if (data > file.byteSize() - END_SIZE) {
      throw bad("the header of the entry '" + e.name + "' is cut short");
    }
    return data;
  }

  private MemorySegment packed(Entry e) {
    return file.asSlice(dataOf(e), e.packed);
  }

  private int u16(long at) {
    return Short.toUnsignedInt(file.get(SHORT, at));
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(file.get(INT, at));
  }

  private CheckpointException bad(String rule) {
    return CheckpointException.at(where, "cannot read the archive: " + rule);
  }
}
