package dev.bulwark.tensor.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small safetensors files, good and bad, each built to touch one rule of the format. */
final class SafetensorsCorpus {
  private static final String T = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  private SafetensorsCorpus() {}

  /**
   * One file.
   *
   * @param name what is special about it
   * @param bytes its contents
   * @param error what the message must contain, or null if the file is good
   */
  record Case(String name, byte[] bytes, @Nullable String error) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    good(all);
    badLengths(all);
    badJson(all);
    badEntries(all);
    badOffsets(all);
    return all;
  }

  private static void good(List<Case> all) {
    ok(all, "no tensors", "{}", 0);
    ok(all, "one tensor", "{\"a\":" + T + "}", 8);
    ok(all, "header padded with spaces", "{\"a\":" + T + "}       ", 8);
    ok(all, "metadata", "{\"__metadata__\":{\"k\":\"v\"},\"a\":" + T + "}", 8);
    ok(all, "metadata null", "{\"__metadata__\":null,\"a\":" + T + "}", 8);
    ok(all, "metadata empty", "{\"__metadata__\":{},\"a\":" + T + "}", 8);
    ok(all, "scalar", "{\"a\":" + tensor("F64", "[]", 0, 8) + "}", 8);
    ok(all, "empty tensor", "{\"a\":" + tensor("F32", "[0,5]", 0, 0) + "}", 0);
    ok(
        all,
        "empty tensor between others",
        "{\"a\":%s,\"e\":%s,\"b\":%s}"
            .formatted(
                tensor("U8", "[3]", 0, 3), tensor("U8", "[0]", 3, 3), tensor("U8", "[1]", 3, 4)),
        4);
    ok(
        all,
        "header in another order than the data",
        "{\"b\":%s,\"a\":%s}".formatted(tensor("U8", "[1]", 3, 4), tensor("U8", "[3]", 0, 3)),
        4);
    ok(
        all,
        "misaligned tensor",
        "{\"a\":%s,\"b\":%s}".formatted(tensor("U8", "[1]", 0, 1), tensor("F32", "[1]", 1, 5)),
        5);
    ok(all, "key with an escape", "{\"\\u0061\":" + T + "}", 8);
    ok(all, "empty name", "{\"\":" + T + "}", 8);
    ok(
        all,
        "unknown field of a tensor",
        "{\"a\":{\"note\":1,\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        8);
    ok(all, "rank 9", "{\"a\":" + tensor("U8", "[1,1,1,1,1,1,1,1,1]", 0, 1) + "}", 1);
    ok(all, "two packed F4", "{\"a\":" + tensor("F4", "[2]", 0, 1) + "}", 1);
  }

  private static void badLengths(List<Case> all) {
    bad(all, "empty file", new byte[0], "has 0 bytes, fewer than the 8");
    bad(all, "seven bytes", new byte[7], "has 7 bytes, fewer than the 8");
    bad(all, "header of length 0", file(0, "", 0), "does not start with '{'");
    bad(all, "header of length 0 with data", file(0, "", 4), "does not start with '{'");
    bad(all, "header of length 2^63", file(Long.MIN_VALUE, "{}", 0), "9223372036854775808");
    bad(all, "header of length 2^64 - 1", file(-1, "{}", 0), "18446744073709551615");
    bad(all, "header of length 2^63 - 1", file(Long.MAX_VALUE, "{}", 0), "9223372036854775807");
    bad(all, "header over the cap", file(100_000_001, "{}", 0), "more than the 100000000 allowed");
    bad(
        all,
        "header at the cap, file shorter",
        file(100_000_000, "{}", 0),
        "a header of 100000000 bytes, but has 2");
    bad(all, "header one byte over the file", file(3, "{}", 0), "of 3 bytes, but has 2");
    bad(all, "header cut one byte short", file(1, "{}", 0), "not strict JSON");
  }

  private static void badJson(List<Case> all) {
    byte[] utf8 = "{\"x\":".getBytes(StandardCharsets.UTF_8);
    byte[] broken = new byte[utf8.length + 1];
    System.arraycopy(utf8, 0, broken, 0, utf8.length);
    broken[3] = (byte) 0xff;
    bad(all, "not UTF-8", file(broken.length, broken, 0), "not valid UTF-8");
    byte[] overlong = "{\"..\":1}".getBytes(StandardCharsets.UTF_8);
    overlong[2] = (byte) 0xc0;
    overlong[3] = (byte) 0x80;
    bad(all, "overlong UTF-8", file(overlong.length, overlong, 0), "not valid UTF-8");
    bad(all, "byte-order mark", "\uFEFF{}", 0, "does not start with '{'");
    bad(all, "leading space", " {}", 0, "does not start with '{'");
    bad(all, "an array", "[]", 0, "does not start with '{'");
    bad(all, "a number", "12", 0, "does not start with '{'");
    bad(all, "text after the object", "{} x", 0, "something follows the value");
    bad(all, "two objects", "{}{}", 0, "something follows the value");
    bad(all, "zero bytes as padding", "{}\0\0", 0, "something follows the value");
    bad(all, "unclosed object", "{\"a\":" + T, 8, "text ends too early");
    bad(all, "trailing comma", "{\"a\":" + T + ",}", 8, "a key in quotes was expected");
    bad(all, "single quotes", "{'a':" + T + "}", 8, "a key in quotes was expected");
    bad(all, "comment", "{/* */\"a\":" + T + "}", 8, "a key in quotes was expected");
    bad(all, "NaN", "{\"a\":NaN}", 0, "not strict JSON");
    bad(all, "duplicate tensor", "{\"a\":" + T + ",\"a\":" + T + "}", 8, "appears twice");
    bad(all, "duplicate by escape", "{\"a\":" + T + ",\"\\u0061\":" + T + "}", 8, "appears twice");
    bad(
        all,
        "duplicate metadata",
        "{\"__metadata__\":{},\"__metadata__\":{},\"a\":" + T + "}",
        8,
        "appears twice");
    bad(
        all,
        "duplicate dtype",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        8,
        "appears twice");
    bad(all, "depth bomb", "{\"a\":" + "[".repeat(50_000), 0, "deeper than 64 levels");
    bad(all, "object bomb", "{\"a\":".repeat(50_000), 0, "deeper than 64 levels");
    bad(all, "half a surrogate pair", "{\"\\ud800\":" + T + "}", 8, "surrogate");
    bad(all, "raw control character", "{\"a\nb\":" + T + "}", 8, "control character");
  }

  private static void badEntries(List<Case> all) {
    entry(all, "entry is null", "null", "is described by null");
    entry(all, "entry is an array", "[]", "is described by an array");
    entry(all, "entry is a string", "\"x\"", "is described by a string");
    entry(all, "no dtype", "{\"shape\":[2],\"data_offsets\":[0,8]}", "has dtype null");
    entry(all, "no shape", "{\"dtype\":\"F32\",\"data_offsets\":[0,8]}", "shape that is null");
    entry(all, "no offsets", "{\"dtype\":\"F32\",\"shape\":[2]}", "data_offsets that is null");
    entry(all, "unknown dtype", tensor("F128", "[1]", 0, 8), "has dtype 'F128'");
    entry(all, "dtype in lower case", tensor("f32", "[2]", 0, 8), "has dtype 'f32'");
    entry(
        all,
        "dtype is a number",
        "{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}",
        "has dtype the number 32");
    entry(all, "negative size", tensor("F32", "[-2]", 0, 8), "the number -2 in its shape");
    entry(all, "two negative sizes", tensor("F32", "[-1,-2]", 0, 8), "the number -1 in its shape");
    entry(all, "fractional size", tensor("F32", "[2.5]", 0, 8), "the number 2.5 in its shape");
    entry(all, "size as a float", tensor("F32", "[2.0]", 0, 8), "the number 2.0 in its shape");
    entry(all, "size with an exponent", tensor("F32", "[2e0]", 0, 8), "the number 2.0");
    entry(all, "size as a string", tensor("F32", "[\"2\"]", 0, 8), "a string in its shape");
    entry(all, "size true", tensor("F32", "[true]", 0, 8), "true in its shape");
    entry(all, "shape is a number", tensor("F32", "2", 0, 8), "shape that is the number 2");
    entry(
        all,
        "size of 2^64",
        tensor("F32", "[18446744073709551616]", 0, 8),
        "1.8446744073709552E19");
    entry(
        all,
        "sizes that overflow",
        tensor("F32", "[4294967296,4294967296]", 0, 8),
        "overflows 64 bits");
    entry(
        all,
        "bytes that overflow",
        tensor("F64", "[2305843009213693952]", 0, 8),
        "overflows 64 bits");
    entry(
        all,
        "overflow hidden by a zero",
        tensor("F32", "[4294967296,4294967296,0]", 0, 0),
        "overflows 64 bits");
    entry(all, "half a byte", tensor("F4", "[1]", 0, 1), "does not fill whole bytes");
    entry(
        all,
        "wrong size for the shape",
        tensor("F32", "[3]", 0, 8),
        "has 8 bytes, but F32 [3] needs 12");
    entry(
        all,
        "wrong size for a scalar",
        tensor("F32", "[]", 0, 8),
        "has 8 bytes, but F32 [] needs 4");
    metadata(all, "metadata is an array", "[]", "an array, not an object");
    metadata(all, "metadata is a string", "\"pt\"", "a string, not an object");
    metadata(all, "metadata holds a number", "{\"k\":1}", "entry 'k' that is the number 1");
    metadata(all, "metadata holds null", "{\"k\":null}", "entry 'k' that is null");
    metadata(all, "metadata holds an object", "{\"k\":{}}", "entry 'k' that is an object");
  }

  private static void badOffsets(List<Case> all) {
    entry(all, "offsets inverted", tensor("F32", "[2]", 8, 0), "leaves a gap: it begins at byte 8");
    bad(
        all,
        "second tensor ends before it begins",
        "{\"a\":%s,\"b\":%s}".formatted(tensor("U8", "[4]", 0, 4), tensor("U8", "[1]", 4, 3)),
        5,
        "ends at byte 3 before it begins at 4");
    entry(
        all, "not from 0", tensor("F32", "[1]", 4, 8), "leaves a gap: it begins at byte 4, not 0");
    bad(
        all,
        "gap",
        "{\"a\":%s,\"b\":%s}".formatted(tensor("U8", "[2]", 0, 2), tensor("U8", "[2]", 4, 6)),
        6,
        "tensor 'b' leaves a gap");
    bad(
        all,
        "overlap",
        "{\"a\":%s,\"b\":%s}".formatted(tensor("U8", "[4]", 0, 4), tensor("U8", "[4]", 2, 6)),
        6,
        "tensor 'b' overlaps another tensor");
    bad(
        all,
        "two tensors on the same bytes",
        "{\"a\":" + T + ",\"b\":" + T + "}",
        8,
        "overlaps another tensor");
    entry(
        all,
        "three offsets",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}",
        "has 3 data_offsets");
    entry(
        all,
        "one offset",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}",
        "has 1 data_offsets");
    entry(
        all,
        "negative offset",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}",
        "the number -8");
    entry(
        all,
        "offset minus zero",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-0,8]}",
        "the number -0.0");
    bad(
        all,
        "past the end",
        "{\"a\":" + T + "}",
        7,
        "is cut short: tensors need 8 bytes, 7 are there");
    bad(all, "no data at all", "{\"a\":" + T + "}", 0, "is cut short");
    bad(all, "trailing byte", "{\"a\":" + T + "}", 9, "has bytes that belong to no tensor");
    bad(all, "data without tensors", "{}", 8, "has bytes that belong to no tensor");
    entry(
        all,
        "far past the end",
        tensor("U8", "[9223372036854775807]", 0, Long.MAX_VALUE),
        "overflows 64 bits");
    entry(
        all,
        "terabytes claimed",
        tensor("U8", "[1099511627776]", 0, 1L << 40),
        "is cut short: tensors need 1099511627776 bytes");
  }

  static String tensor(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(dtype, shape, begin, end);
  }

  /** A file of this header, with zeros as data. */
  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, dataBytes);
  }

  private static byte[] file(long length, String header, int dataBytes) {
    return file(length, header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  private static byte[] file(long length, byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .array();
  }

  private static void ok(List<Case> all, String name, String header, int dataBytes) {
    all.add(new Case(name, file(header, dataBytes), null));
  }

  private static void bad(List<Case> all, String name, String header, int dataBytes, String error) {
    bad(all, name, file(header, dataBytes), error);
  }

  private static void bad(List<Case> all, String name, byte[] bytes, String error) {
    all.add(new Case(name, bytes, error));
  }

  /** One tensor "a" of eight bytes of data. */
  private static void entry(List<Case> all, String name, String entry, String error) {
    bad(all, name, "{\"a\":" + entry + "}", 8, error);
  }

  private static void metadata(List<Case> all, String name, String metadata, String error) {
    bad(all, name, "{\"__metadata__\":" + metadata + ",\"a\":" + T + "}", 8, error);
  }
}
