package dev.bulwark.kernels.gpu;

import java.util.List;

/**
 * A kernel and what it takes, read from its source. A launch with wrong arguments is refused before
 * native code can see it: a driver would read past their end.
 *
 * @param program the program that holds it
 * @param name its name there, such as "bk_fill32"
 * @param parameters types in order
 */
public record Kernel(Program program, String name, List<Type> parameters) {
  /** Types of parameters. */
  public enum Type {
    /** Device memory that the kernel only reads, or null. */
    INPUT(8),
    /** Device memory that the kernel writes, or null. */
    POINTER(8),
    /** 32-bit integer. */
    INT(4),
    /** 64-bit integer. */
    LONG(8),
    /** 32-bit float. */
    FLOAT(4),
    /** 64-bit float. */
    DOUBLE(8),
    /** Five ints, see {@link View}. */
    VIEW(20),
    /** Four ints, see {@link View}. */
    DIMS(16);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /**
     * Width of an argument.
     *
     * @return bytes
     */
    public int bytes() {
      return bytes;
    }

    private boolean takes(Object argument) {
      return switch (this) {
        case INPUT, POINTER -> argument == null || argument instanceof Memory;
        case INT -> argument instanceof Integer;
        case LONG -> argument instanceof Long;
        case FLOAT -> argument instanceof Float;
        case DOUBLE -> argument instanceof Double;
        case VIEW -> argument instanceof int[] v && v.length == 5;
        case DIMS -> argument instanceof int[] v && v.length == 4;
      };
    }
  }

  /**
   * Checks the arguments of a launch.
   *
   * @param arguments in order
   * @throws IllegalArgumentException if number or types are wrong
   */
  public void check(Object[] arguments) {
    if (arguments.length != parameters.size()) {
      throw new IllegalArgumentException(
          name + " takes " + parameters.size() + " arguments, not " + arguments.length);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!parameters.get(i).takes(arguments[i])) {
        throw new IllegalArgumentException(
            name
                + ": argument "
                + i
                + " is "
                + describe(arguments[i])
                + ", not "
                + parameters.get(i));
      }
    }
  }

  private static String describe(Object argument) {
    return argument == null ? "null" : argument.getClass().getSimpleName() + " " + argument;
  }
}
