package dev.bulwark.robust.prompt;

import dev.bulwark.robust.data.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Templates and label words of well-known tasks: those of MVP's configuration files, and for
 * inference and for label names (which MVP does not have) our own.
 */
public enum Task {
  /** Sentiment, as MVP has it for SST-2. */
  SST2(
      "Sentiment of the statement is [MASK] . |[SEP] [MASK] |This is a [MASK] statement "
          + "|[SEP] The statement is [MASK] ",
      names("negative", "0").words("negative"),
      names("positive", "1").words("positive")),
  /** News topics, as MVP has them for AG News. */
  AGNEWS(
      "A [MASK] news : |[SEP] This topic is about [MASK]|Category : [MASK] : "
          + "|[SEP] The category of this news is [MASK]",
      names("world", "politics").words("politics"),
      names("sports").words("sports"),
      names("business").words("business"),
      names("sci/tech", "science", "technology", "sci_tech").words("technology")),
  /** Questions about a passage, as MVP has them for BoolQ. */
  BOOLQ(
      "Answer to the question is [MASK]|[SEP] [MASK]|I think [MASK]|[SEP] The answer is [MASK]",
      names("false", "no").words("false"),
      names("true", "yes").words("true")),
  /** Inference between two sentences; not in MVP's code. */
  NLI(
      "Does the first sentence imply the second ? [MASK] . |[SEP] [MASK]|I think [MASK] . "
          + "|[SEP] The answer is [MASK]",
      names("entailment").words("yes"),
      names("neutral").words("maybe"),
      names("contradiction").words("no"));

  /** For classes whose names are words; not in MVP's code. */
  private static final String ANY = "It is [MASK] . |[SEP] It is [MASK]";

  private final List<Template> templates;
  private final List<Words> classes;

  /** A class under all names it goes by. */
  private record Words(List<String> names, List<String> words) {
    Words words(String... chosen) {
      return new Words(names, List.of(chosen));
    }
  }

  private static Words names(String... names) {
    return new Words(List.of(names), List.of());
  }

  Task(String templates, Words... classes) {
    this.templates = Template.list(templates);
    this.classes = List.of(classes);
  }

  /**
   * Templates and words together.
   *
   * @param templates at least one
   * @param verbaliser words of each class
   */
  public record Prompts(List<Template> templates, Verbaliser verbaliser) {}

  /**
   * The prompts for some classes.
   *
   * @param task "auto" to go by the names of the classes, "names" to take these as label words, or
   *     the name of a task in small letters, whose classes may then also be numbers in its order
   * @param labels the classes
   * @return templates and words
   * @throws IllegalArgumentException if the classes are not those of the task
   */
  public static Prompts prompts(String task, Labels labels) {
    if (task.equals("names")) {
      return new Prompts(Template.list(ANY), Verbaliser.names(labels));
    }
    for (Task t : values()) {
      boolean asked = t.name().toLowerCase(Locale.ROOT).equals(task);
      Optional<Verbaliser> words = t.words(labels, asked);
      if (words.isPresent() && (asked || task.equals("auto"))) {
        return new Prompts(t.templates, words.get());
      }
      if (asked) {
        throw new IllegalArgumentException(
            "the classes %s are not those of task=%s, which are %s; set the words with verbaliser"
                .formatted(labels, task, t.classes.stream().map(Words::names).toList()));
      }
    }
    return prompts("names", labels);
  }

  /** All names that {@link #prompts} knows. */
  public static List<String> choices() {
    List<String> all = new ArrayList<>(List.of("auto", "names"));
    Arrays.stream(values()).forEach(t -> all.add(t.name().toLowerCase(Locale.ROOT)));
    return all;
  }

  private Optional<Verbaliser> words(Labels labels, boolean numbersToo) {
    if (labels.size() != classes.size()) {
      return Optional.empty();
    }
    if (numbersToo && labels.names().stream().allMatch(n -> n.matches("[0-9]{1,9}"))) {
      return Optional.of(new Verbaliser(classes.stream().map(Words::words).toList()));
    }
    List<List<String>> found = new ArrayList<>();
    for (String name : labels.names()) {
      classes.stream()
          .filter(c -> c.names.contains(name.toLowerCase(Locale.ROOT)))
          .findFirst()
          .ifPresent(c -> found.add(c.words));
    }
    boolean all =
        found.size() == classes.size() && found.stream().distinct().count() == found.size();
    return all ? Optional.of(new Verbaliser(found)) : Optional.empty();
  }
}
