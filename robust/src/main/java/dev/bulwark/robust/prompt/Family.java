package dev.bulwark.robust.prompt;

import dev.bulwark.nn.text.ByteLevelBpe;
import dev.bulwark.nn.text.Tokenizer;

/** What differs between families of language models where prompts are built. */
public enum Family {
  /** [CLS] text [SEP]; words are written as they are. */
  BERT,
  /** The same with a lone blank before each template, and words with a blank in front. */
  ROBERTA,
  /**
   * No special tokens; the word is predicted at the token before the mask. For rows only: such
   * models are not read.
   */
  GPT;

  /** The family of masked language models that a tokenizer belongs to. */
  public static Family of(Tokenizer tokenizer) {
    return tokenizer instanceof ByteLevelBpe ? ROBERTA : BERT;
  }

  /** Whether rows have special tokens at their ends. */
  boolean special() {
    return this != GPT;
  }

  /** A label word as it stands within a sentence. */
  String inSentence(String word) {
    return this == ROBERTA ? " " + word : word;
  }
}
