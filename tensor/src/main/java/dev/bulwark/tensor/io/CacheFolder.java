package dev.bulwark.tensor.io;

import java.nio.file.Path;

/** Where things are kept that can be made again. */
public final class CacheFolder {
  private CacheFolder() {}

  /**
   * The folder of this user: the property {@code bulwark.cache}, else the environment variable
   * {@code BULWARK_CACHE}, else {@code bulwark} in {@code XDG_CACHE_HOME} or {@code ~/.cache}.
   *
   * @return the folder, which need not exist; it can be deleted at any time
   */
  public static Path ofUser() {
    String property = System.getProperty("bulwark.cache");
    String variable = System.getenv("BULWARK_CACHE");
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (property != null && !property.isBlank()) {
      return Path.of(property);
    }
    if (variable != null && !variable.isBlank()) {
      return Path.of(variable);
    }
    Path caches =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home", "."), ".cache");
    return caches.resolve("bulwark");
  }
}
