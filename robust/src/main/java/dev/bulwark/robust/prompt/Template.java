package dev.bulwark.robust.prompt;

import java.util.Arrays;
import java.util.List;

/**
 * A short text with a mask that is put before or after the text to classify.
 *
 * @param suffix whether it goes after the text
 * @param body the template's own text, with {@value #MASK} exactly once; blanks at its ends count
 *     for byte-level tokenizers
 */
public record Template(boolean suffix, String body) {
  /** Where the model fills in a word. */
  public static final String MASK = "[MASK]";

  private static final String SUFFIX = "[SEP] ";

  /**
   * Checks the mask.
   *
   * @throws IllegalArgumentException if it is missing or there more than once
   */
  public Template {
    int at = body.indexOf(MASK);
    if (at < 0 || body.indexOf(MASK, at + 1) >= 0) {
      throw new IllegalArgumentException(
          ("the template '%s' must hold %s exactly once; write for example"
                  + " --set templates=\"This is %s : |[SEP] It was %s\"")
              .formatted(body, MASK, MASK, MASK));
    }
  }

  /**
   * Reads a template as MVP's files write it.
   *
   * @param text the template; {@code "[SEP] "} in front puts it after the text
   * @return the template
   * @throws IllegalArgumentException if it does not hold the mask exactly once
   */
  public static Template of(String text) {
    boolean suffix = text.startsWith(SUFFIX);
    return new Template(suffix, suffix ? text.substring(SUFFIX.length()) : text);
  }

  /**
   * Reads several templates.
   *
   * @param texts joined by "|"
   * @return the templates in order
   * @throws IllegalArgumentException if one does not hold the mask exactly once
   */
  public static List<Template> list(String texts) {
    return Arrays.stream(texts.split("\\|", -1)).map(Template::of).toList();
  }
}
