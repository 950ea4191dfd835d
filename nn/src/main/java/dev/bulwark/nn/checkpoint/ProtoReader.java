package dev.bulwark.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the fields of one protocol-buffer message without copying it.
 *
 * <p>Use: {@code while (reader.next()) switch (reader.field()) ...}, and in each case either one of
 * the value methods or {@link #skip}. Nothing here recurses; how deep messages are followed is up
 * to the caller.
 */
final class ProtoReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private final MemorySegment bytes;
  private final String where;
  private long at;
  private int field;
  private int wire;

  ProtoReader(MemorySegment bytes, String where) {
    this.bytes = bytes;
    this.where = where;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (at == bytes.byteSize()) {
      return false;
    }
    long tag = rawVarint();
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    if (tag < 8 || tag > 0xffffffffL) {
      throw bad("the field tag " + Long.toUnsignedString(tag) + " is out of range");
    }
    return true;
  }

  /** Number of the current field. */
  int field() {
    return field;
  }

  /** Whether the current field is length-delimited: a string, a message or a packed list. */
  boolean isDelimited() {
    return wire == DELIMITED;
  }

  /** Whether all bytes were read. */
  boolean atEnd() {
    return at == bytes.byteSize();
  }

  /** The current field as an integer. */
  long varint() {
    need(VARINT);
    return rawVarint();
  }

  /** The current field as four little-endian bytes. */
  int fixed32() {
    need(FIXED32);
    return take(4).get(INT, 0);
  }

  /** The bytes of the current length-delimited field. */
  MemorySegment slice() {
    need(DELIMITED);
    return take(rawVarint());
  }

  /** The current field as a message of its own. */
  ProtoReader message() {
    return new ProtoReader(slice(), where);
  }

  /** The current field as a UTF-8 string of at most so many bytes. */
  String string(int most) {
    MemorySegment s = slice();
    if (s.byteSize() > most) {
      throw bad(
          "a string has " + s.byteSize() + " bytes, more than the " + most + " that are read");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(s.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw bad("a string is not valid UTF-8");
    }
  }

  /** Passes over the current field. */
  void skip() {
    switch (wire) {
      case VARINT -> rawVarint();
      case FIXED64 -> take(8);
      case DELIMITED -> take(rawVarint());
      case FIXED32 -> take(4);
      default -> throw bad("wire type " + wire + " is not used by this format");
    }
  }

  /** The next integer of a packed list, or of anything else made of bare varints. */
  long rawVarint() {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      if (atEnd()) {
        throw bad("it ends inside an integer");
      }
      byte b = bytes.get(ValueLayout.JAVA_BYTE, at++);
      if (i == LONGEST_VARINT - 1 && (b & 0xfe) != 0) {
        break;
      }
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw bad("an integer is longer than 64 bits");
  }

  /** The next so many bytes, whatever they are. */
  MemorySegment take(long count) {
    if (count < 0 || count > bytes.byteSize() - at) {
      throw bad(
          Long.toUnsignedString(count)
              + " bytes are announced where only "
              + (bytes.byteSize() - at)
              + " are left");
    }
    at += count;
    return bytes.asSlice(at - count, count);
  }

  private void need(int expected) {
    if (wire != expected) {
      throw bad("field " + field + " has wire type " + wire + " instead of " + expected);
    }
  }

  /** An error at the current place. */
  CheckpointException bad(String rule) {
    return CheckpointException.at(where, "damaged message (byte " + at + " of it): " + rule);
  }
}
