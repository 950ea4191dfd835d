package dev.bulwark.robust.method;

import dev.bulwark.nn.head.LabelWords;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.data.Labels;
import dev.bulwark.robust.method.Method.Option;
import dev.bulwark.robust.method.Method.Settings;
import dev.bulwark.robust.prompt.Task;
import dev.bulwark.robust.prompt.Template;
import dev.bulwark.robust.prompt.Verbaliser;
import java.util.List;
import java.util.Locale;

/** The options that say what a prompt looks like. */
final class PromptOptions {
  static final Option TASK =
      Option.choice(
          "task",
          "auto",
          "whose templates and label words to use: MVP's for sst2, agnews and boolq, our own for"
              + " nli and for names (the names of the classes are the words); auto goes by the names"
              + " of the classes",
          Task.choices().toArray(new String[0]));
  static final Option TEMPLATES =
      Option.text(
          "templates",
          "",
          "templates joined by |, each with [MASK] once; [SEP] in front puts one behind the text;"
              + " if empty, those of the task");
  static final Option VERBALISER =
      Option.text(
          "verbaliser",
          "",
          "label words as CLASS=WORD,WORD;CLASS=WORD; if empty, those of the task");
  static final Option POOL_WORDS =
      Option.choice(
          "pool-words", "max", "how the logits of a class's words are pooled", "max", "mean");
  static final Option POOL_TEMPLATES =
      Option.choice(
          "pool-templates", "mean", "how the logits of all templates are pooled", "mean", "max");
  static final Option HEAD =
      Option.choice(
          "mlm-head",
          "checkpoint",
          "where the masked-language-model head comes from; new starts one at random on any encoder,"
              + " which is not the published method",
          "checkpoint",
          "new");

  private PromptOptions() {}

  /** Templates as set, or those of the task. */
  static List<Template> templates(Settings s, Labels labels) {
    return s.text("templates").isEmpty()
        ? Task.prompts(s.text("task"), labels).templates()
        : Template.list(s.text("templates"));
  }

  /** The label words of a model, as set or those of the task; words left out are told. */
  static LabelWords words(Settings s, Labels labels, Tokenizer tokenizer, int templates) {
    Verbaliser verbaliser =
        s.text("verbaliser").isEmpty()
            ? Task.prompts(s.text("task"), labels).verbaliser()
            : Verbaliser.parse(s.text("verbaliser"), labels);
    Verbaliser.Tokens found = verbaliser.tokens(tokenizer, labels);
    if (!found.dropped().isEmpty()) {
      System.getLogger("dev.bulwark")
          .log(
              System.Logger.Level.WARNING,
              "label words that are left out: " + String.join(", ", found.dropped()));
    }
    LabelWords.Pool overTemplates =
        templates == 1 ? LabelWords.Pool.MEAN : pool(s, "pool-templates");
    return new LabelWords(
        found.ids(), found.classOf(), pool(s, "pool-words"), templates, overTemplates);
  }

  private static LabelWords.Pool pool(Settings s, String option) {
    return LabelWords.Pool.valueOf(s.text(option).toUpperCase(Locale.ROOT));
  }
}
