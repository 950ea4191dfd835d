package dev.bulwark.nn.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads tokenizers. The forms are Hugging Face's: {@code tokenizer.json}, or {@code vocab.txt} with
 * {@code tokenizer_config.json}. A file's settings for padding and truncation are ignored: here the
 * caller says how long an encoding may be.
 */
public final class Tokenizers {
  static final String TOKENIZER_FILE = "tokenizer.json";
  static final String VOCABULARY_FILE = "vocab.txt";
  static final String CONFIG_FILE = "tokenizer_config.json";

  private Tokenizers() {}

  /**
   * Reads the tokenizer of a model folder: {@code tokenizer.json} if there is one, else {@code
   * vocab.txt} as {@code tokenizer_config.json} says, else {@code vocab.txt} in lower case, else
   * {@code vocab.json} with {@code merges.txt} ({@link ByteLevelBpe}).
   *
   * @param folder the folder
   * @return the tokenizer
   * @throws IOException if a file cannot be read, or none of them is there
   * @throws IllegalArgumentException if a file is damaged, or of a kind that is not read
   */
  public static Tokenizer load(Path folder) throws IOException {
    Path config = folder.resolve(CONFIG_FILE);
    WordPieceOptions options = WordPieceOptions.uncased();
    if (Files.exists(config)) {
      try (InputStream in = Files.newInputStream(config)) {
        options = TokenizerConfig.read(in, config.toString());
      }
    }
    Path json = folder.resolve(TOKENIZER_FILE);
    if (Files.exists(json)) {
      try (InputStream in = Files.newInputStream(json)) {
        return TokenizerJson.read(in, json.toString(), options);
      }
    }
    Path vocabulary = folder.resolve(VOCABULARY_FILE);
    if (Files.exists(folder.resolve(BpeFiles.VOCABULARY)) && !Files.exists(vocabulary)) {
      return ByteLevelBpe.read(folder);
    }
    if (!Files.exists(vocabulary)) {
      throw new FileNotFoundException(
          "%s has no tokenizer: neither %s nor %s is there."
              .formatted(folder, TOKENIZER_FILE, VOCABULARY_FILE));
    }
    return WordPiece.of(Vocabulary.read(vocabulary), options, vocabulary.toString());
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @param json the bytes; not closed
   * @param where what to call the source in messages
   * @return the tokenizer
   * @throws IOException if the stream cannot be read
   * @throws IllegalArgumentException if it is damaged, or of a kind that is not read
   */
  public static Tokenizer fromTokenizerJson(InputStream json, String where) throws IOException {
    return TokenizerJson.read(json, where, WordPieceOptions.uncased());
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @param json the text
   * @param where what to call the source in messages
   * @return the tokenizer
   * @throws IllegalArgumentException if it is damaged, or of a kind that is not read
   */
  public static Tokenizer fromTokenizerJson(String json, String where) {
    return TokenizerJson.read(json, where, WordPieceOptions.uncased());
  }

  /**
   * A WordPiece tokenizer of a vocabulary whose added tokens are the special ones.
   *
   * @param vocabulary all tokens
   * @param options treatment of text
   * @return the tokenizer
   * @throws IllegalArgumentException if a special token is not in the vocabulary
   */
  public static Tokenizer fromVocab(Vocabulary vocabulary, WordPieceOptions options) {
    return WordPiece.of(vocabulary, options);
  }
}
