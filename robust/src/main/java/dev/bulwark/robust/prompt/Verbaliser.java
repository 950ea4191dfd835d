package dev.bulwark.robust.prompt;

import dev.bulwark.nn.text.EncodeOptions;
import dev.bulwark.nn.text.Encoding;
import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.data.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that stand for each class.
 *
 * @param words of each class
 */
public record Verbaliser(List<List<String>> words) {
  private static final EncodeOptions BARE = EncodeOptions.unlimited().withoutSpecialTokens();

  /**
   * Reads {@code "negative=terrible,bad;positive=great"}.
   *
   * @param text for each class its name, "=" and words joined by ","; classes joined by ";"
   * @param labels the classes
   * @return the words
   * @throws IllegalArgumentException if a class is not known, named twice or missing
   */
  public static Verbaliser parse(String text, Labels labels) {
    Map<Integer, List<String>> byClass = new HashMap<>();
    for (String part : text.split(";", -1)) {
      int at = part.lastIndexOf('=');
      String name = at < 0 ? part.strip() : part.substring(0, at).strip();
      int label =
          labels
              .index(name)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "the verbaliser names '%s', which is none of the classes %s; write CLASS=WORD"
                              .formatted(name, labels)
                          + " for each class, joined by ';'"));
      List<String> words =
          Arrays.stream(part.substring(at + 1).split(",", -1)).map(String::strip).toList();
      if (at < 0 || words.contains("")) {
        throw new IllegalArgumentException(
            "the verbaliser gives class '" + name + "' an empty word; write CLASS=WORD,WORD");
      }
      if (byClass.put(label, words) != null) {
        throw new IllegalArgumentException("the verbaliser names class '" + name + "' twice");
      }
    }
    List<List<String>> words = new ArrayList<>();
    for (int c = 0; c < labels.size(); c++) {
      List<String> mine = byClass.get(c);
      if (mine == null) {
        throw new IllegalArgumentException(
            "the verbaliser has no word for class '" + labels.name(c) + "'; add one");
      }
      words.add(mine);
    }
    return new Verbaliser(words);
  }

  /** The names of the classes as their words. */
  public static Verbaliser names(Labels labels) {
    return new Verbaliser(labels.names().stream().map(List::of).toList());
  }

  /**
   * Words as tokens of a vocabulary.
   *
   * @param ids of the words that are one token, class by class
   * @param classOf class of each
   * @param dropped what was left out, each with its reason
   */
  public record Tokens(List<Integer> ids, List<Integer> classOf, List<String> dropped) {}

  /**
   * Looks the words up; a word that is not one token of the vocabulary is dropped.
   *
   * @param tokenizer the model's
   * @param family how words are written
   * @param unknownCounts whether a word outside the vocabulary stays, as the unknown token (MVP's
   *     released code), or is dropped
   * @return the tokens
   */
  public Tokens lookUp(Tokenizer tokenizer, Family family, boolean unknownCounts) {
    Tokens found = new Tokens(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int c = 0; c < words.size(); c++) {
      for (String word : words.get(c)) {
        Encoding e = tokenizer.encode(family.inSentence(word), null, BARE);
        if (e.length() != 1) {
          found.dropped.add("'" + word + "' is " + e.length() + " tokens");
        } else if (e.id(0) == tokenizer.unknownId() && !unknownCounts) {
          found.dropped.add("'" + word + "' is not in the vocabulary");
        } else {
          found.ids.add(e.id(0));
          found.classOf.add(c);
        }
      }
    }
    return found;
  }

  /**
   * Looks the words up and refuses what makes no classifier.
   *
   * @param tokenizer the model's
   * @param labels the classes, for messages
   * @return the tokens, at least one a class
   * @throws IllegalArgumentException if all words of a class are dropped, or two words are the same
   *     token
   */
  public Tokens tokens(Tokenizer tokenizer, Labels labels) {
    Tokens found = lookUp(tokenizer, Family.of(tokenizer), false);
    for (int c = 0; c < words.size(); c++) {
      if (!found.classOf.contains(c)) {
        throw new IllegalArgumentException(
            ("class '%s' has no label word that is one token of the model's vocabulary (%s); name"
                    + " one with --set verbaliser=\"%s\"")
                .formatted(labels.name(c), String.join(", ", found.dropped), example(labels)));
      }
    }
    for (int i = 0; i < found.ids.size(); i++) {
      int first = found.ids.indexOf(found.ids.get(i));
      if (first != i) {
        throw new IllegalArgumentException(
            "the label word '%s' stands for class '%s' and again for class '%s'; name it once"
                .formatted(
                    tokenizer.vocabulary().token(found.ids.get(i)),
                    labels.name(found.classOf.get(first)),
                    labels.name(found.classOf.get(i))));
      }
    }
    return found;
  }

  private static String example(Labels labels) {
    return String.join("=WORD;", labels.names()) + "=WORD";
  }
}
