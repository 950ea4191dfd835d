package dev.bulwark.tensor.io;

import java.io.IOException;

/**
 * Uses a thing and may fail with an {@link IOException}.
 *
 * @param <T> what is used
 */
@FunctionalInterface
public interface IoConsumer<T> {
  /**
   * Uses it.
   *
   * @param thing what is used
   * @throws IOException if reading or writing fails
   */
  void accept(T thing) throws IOException;
}
