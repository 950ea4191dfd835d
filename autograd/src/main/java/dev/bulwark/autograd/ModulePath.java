package dev.bulwark.autograd;

import java.util.function.Supplier;

/**
 * The module that is being computed, such as "encoder.layer.3.attention", for messages: nodes made
 * inside remember it, so that an error in the backward pass can name its place in the model.
 */
public final class ModulePath {
  private static final ScopedValue<String> PATH = ScopedValue.newInstance();

  private ModulePath() {}

  /**
   * Computes something one module deeper.
   *
   * @param name name of the module below the current one
   * @param body what to compute
   * @param <T> type of the result
   * @return the body's result
   */
  public static <T> T within(String name, Supplier<T> body) {
    String path = current();
    return at(path.isEmpty() ? name : path + "." + name, body);
  }

  /** Computes something at a full path, for replays. */
  static <T> T at(String path, Supplier<T> body) {
    return ScopedValue.where(PATH, path).call(body::get);
  }

  /**
   * The path down to the current module.
   *
   * @return names joined by dots; empty outside of any module
   */
  public static String current() {
    return PATH.isBound() ? PATH.get() : "";
  }

  /**
   * The path as the end of a message.
   *
   * @return " at encoder.layer.3", or nothing outside of any module
   */
  public static String suffix() {
    String path = current();
    return path.isEmpty() ? "" : " at " + path;
  }
}
