package dev.bulwark.kernels.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads kernel sources and finds what each kernel takes. */
final class KernelSource {
  private static final Pattern KERNEL =
      Pattern.compile("BK_KERNEL\\(\\s*(\\w+)\\s*,\\s*\\(([^)]*)\\)\\s*\\)");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"(\\w+\\.h)\"$");

  private KernelSource() {}

  /** A source with the files it includes in their places: not every compiler has folders. */
  static String body(String name) {
    return INCLUDE
        .matcher(read(name))
        .replaceAll(m -> Matcher.quoteReplacement(read(m.group(1)).strip()));
  }

  static List<Kernel> kernels(Program program, String body) {
    List<Kernel> kernels = new ArrayList<>();
    Matcher m = KERNEL.matcher(COMMENT.matcher(body).replaceAll(" "));
    while (m.find()) {
      kernels.add(new Kernel(program, m.group(1), types(m.group(1), m.group(2))));
    }
    return kernels;
  }

  private static List<Kernel.Type> types(String kernel, String parameters) {
    List<Kernel.Type> types = new ArrayList<>();
    for (String p : parameters.split(",")) {
      String words = p.strip();
      String type = words.substring(0, Math.max(0, words.lastIndexOf(' '))).strip();
      types.add(
          words.contains("*")
              ? words.contains("const ") ? Kernel.Type.INPUT : Kernel.Type.POINTER
              : switch (type) {
                case "int", "bk_u32" -> Kernel.Type.INT;
                case "bk_i64", "bk_u64" -> Kernel.Type.LONG;
                case "float" -> Kernel.Type.FLOAT;
                case "double" -> Kernel.Type.DOUBLE;
                case "bk_view" -> Kernel.Type.VIEW;
                case "bk_dims" -> Kernel.Type.DIMS;
                default ->
                    throw new IllegalStateException(
                        "kernel " + kernel + ": no type for parameter '" + words + "'");
              });
    }
    return List.copyOf(types);
  }

  static String read(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("kernel source " + name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
