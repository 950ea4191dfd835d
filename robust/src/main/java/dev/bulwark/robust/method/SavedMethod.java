package dev.bulwark.robust.method;

import dev.bulwark.nn.checkpoint.Checkpoint;
import dev.bulwark.nn.checkpoint.Config;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The note in a saved model's config.json that says which method trained it, so that it is opened
 * and predicts as that method does. Other readers of the folder ignore it.
 */
public final class SavedMethod {
  private static final String METHOD = "bulwark_method";
  private static final String OPTIONS = "bulwark_options";

  private SavedMethod() {}

  /**
   * Notes a method.
   *
   * @param config the model's configuration
   * @param names of the methods, as for {@link Methods#recipe}
   * @param set options that were set
   * @return the configuration with the note
   */
  public static Config note(Config config, String names, Map<String, String> set) {
    List<String> lines =
        new TreeMap<>(set).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    return config.with(METHOD, names).with(OPTIONS, lines);
  }

  /**
   * The recipe of a saved model.
   *
   * @param checkpoint the model
   * @param change options to set differently, such as the number of votes
   * @return the recipe; that of plain training if there is no note
   * @throws IllegalArgumentException if the note names a method or option that is not known
   */
  public static Recipe of(Checkpoint checkpoint, Map<String, String> change) {
    Config config = checkpoint.config();
    Map<String, String> set = new LinkedHashMap<>();
    for (String line : config.strings(OPTIONS)) {
      int at = line.indexOf('=');
      if (at < 0) {
        throw new IllegalArgumentException(
            checkpoint.name() + ": " + OPTIONS + " holds '" + line + "', not NAME=VALUE");
      }
      set.put(line.substring(0, at), line.substring(at + 1));
    }
    set.putAll(change);
    return Methods.recipe(config.stringOr(METHOD, "standard"), set);
  }
}
