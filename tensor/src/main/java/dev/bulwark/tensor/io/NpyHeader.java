package dev.bulwark.tensor.io;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Python dictionary at the head of a .npy file: exactly the keys descr, fortran_order and
 * shape.
 *
 * @param type element type
 * @param order byte order of the elements
 * @param fortranOrder whether the first axis varies fastest
 * @param shape sizes
 * @param elements product of the sizes
 */
record NpyHeader(
    StoredType type, ByteOrder order, boolean fortranOrder, long[] shape, long elements) {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*(?:'(\\w+)'|\"(\\w+)\")\\s*:\\s*"
              + "('[^']*'|\"[^\"]*\"|True|False|\\([\\d,L\\s]*\\))\\s*(,|\\})");
  private static final int MAX_RANK = 64; // NumPy's own bound

  static NpyHeader parse(Path file, String text) throws TensorFileException {
    Map<String, String> fields = fields(file, text);
    if (!fields.keySet().equals(Set.of("descr", "fortran_order", "shape"))) {
      throw broken(file, "has the keys " + fields.keySet() + " in its header");
    }
    String descr = fields.getOrDefault("descr", "");
    String fortran = fields.getOrDefault("fortran_order", "");
    if (!fortran.equals("True") && !fortran.equals("False")) {
      throw broken(file, "has fortran_order " + fortran);
    }
    long[] shape = shape(file, fields.getOrDefault("shape", ""));
    StoredType type = type(file, descr);
    long elements = 1;
    try {
      for (long d : shape) {
        elements = Math.multiplyExact(elements, d);
      }
      Math.multiplyExact(elements, (long) type.bits());
    } catch (ArithmeticException e) {
      throw broken(file, "has shape " + Arrays.toString(shape) + ", which overflows 64 bits");
    }
    ByteOrder order = descr.charAt(1) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(type, order, fortran.equals("True"), shape, elements);
  }

  private static Map<String, String> fields(Path file, String text) throws TensorFileException {
    Map<String, String> fields = new HashMap<>();
    String trimmed = text.strip();
    Matcher m = ENTRY.matcher(trimmed);
    int at = trimmed.startsWith("{") ? 1 : trimmed.length();
    while (at < trimmed.length()) {
      if (trimmed.startsWith("}", at) && at == trimmed.length() - 1 && !fields.isEmpty()) {
        return fields;
      }
      m.region(at, trimmed.length());
      if (!m.lookingAt()) {
        break;
      }
      String key = m.group(1) == null ? m.group(2) : m.group(1);
      if (fields.put(key, m.group(3)) != null) {
        throw broken(file, "has the key " + key + " twice in its header");
      }
      at = m.end();
      if (m.group(4).equals("}")) {
        if (at == trimmed.length()) {
          return fields;
        }
        break;
      }
      while (at < trimmed.length() && trimmed.charAt(at) == ' ') {
        at++;
      }
    }
    String start = trimmed.substring(0, Math.min(80, trimmed.length()));
    throw new TensorFileException(
        file,
        null,
        "has a header that is not understood: " + TensorFileException.quote(start),
        "structured and object arrays cannot be read; save plain numbers");
  }

  private static StoredType type(Path file, String quoted) throws TensorFileException {
    String descr = quoted.substring(1, quoted.length() - 1);
    boolean ordered = descr.startsWith("<") || descr.startsWith(">");
    String kind = ordered || descr.startsWith("|") ? descr.substring(1) : descr;
    return switch (kind) {
      case "f2" -> StoredType.F16;
      case "f4" -> StoredType.F32;
      case "f8" -> StoredType.F64;
      case "i1" -> StoredType.I8;
      case "i2" -> StoredType.I16;
      case "i4" -> StoredType.I32;
      case "i8" -> StoredType.I64;
      case "u1" -> StoredType.U8;
      case "u2" -> StoredType.U16;
      case "u4" -> StoredType.U32;
      case "u8" -> StoredType.U64;
      case "b1" -> StoredType.BOOL;
      default ->
          throw new TensorFileException(
              file,
              null,
              "has elements of type " + TensorFileException.quote(descr),
              "save it as floats, integers or booleans");
    };
  }

  private static long[] shape(Path file, String text) throws TensorFileException {
    if (!text.startsWith("(")) {
      throw broken(file, "has shape " + text);
    }
    String inner = text.substring(1, text.length() - 1).replace("L", "").strip();
    if (inner.isEmpty()) {
      return new long[0];
    }
    String[] parts = inner.split(",");
    long[] shape = new long[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        shape[i] = Long.parseLong(parts[i].strip());
      }
    } catch (NumberFormatException e) {
      throw broken(file, "has shape " + text);
    }
    if (shape.length > MAX_RANK) {
      throw broken(file, "has " + shape.length + " axes");
    }
    return shape;
  }

  private static TensorFileException broken(Path file, String problem) {
    return new TensorFileException(file, null, problem, TensorFileException.DAMAGED);
  }
}
