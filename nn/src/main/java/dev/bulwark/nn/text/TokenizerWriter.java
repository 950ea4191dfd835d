package dev.bulwark.nn.text;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.SerializationFeature;

/**
 * Writes a WordPiece tokenizer as a folder that Hugging Face {@code transformers} reads: {@code
 * tokenizer.json}, {@code vocab.txt} and {@code tokenizer_config.json}.
 */
final class TokenizerWriter {
  private TokenizerWriter() {}

  static void write(WordPiece tokenizer, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> tokens = tokenizer.vocabulary().tokens();
    for (int id = 0; id < tokens.size(); id++) {
      if (tokens.get(id).indexOf('\n') >= 0 || tokens.get(id).endsWith("\r")) {
        throw new IllegalArgumentException(
            "Token " + id + " holds a line break and cannot be written to a vocab.txt.");
      }
    }
    Files.write(folder.resolve(Tokenizers.VOCABULARY_FILE), tokens, StandardCharsets.UTF_8);
    json(folder.resolve(Tokenizers.CONFIG_FILE), config(tokenizer.options()));
    json(folder.resolve(Tokenizers.TOKENIZER_FILE), tokenizer(tokenizer));
  }

  private static void json(Path file, Map<String, ?> content) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      StrictJson.MAPPER
          .writer()
          .with(SerializationFeature.INDENT_OUTPUT)
          .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .writeValue(out, content);
      out.write('\n');
    }
  }

  private static Map<String, ?> config(WordPieceOptions options) {
    return object(
        "tokenizer_class", "BertTokenizer",
        "do_lower_case", options.lowercase(),
        "strip_accents", options.stripAccents(),
        "clean_text", options.cleanText(),
        "tokenize_chinese_chars", options.handleChineseChars(),
        "clean_up_tokenization_spaces", true,
        "unk_token", options.unknownToken(),
        "sep_token", options.sepToken(),
        "pad_token", options.padToken(),
        "cls_token", options.clsToken(),
        "mask_token", options.maskToken());
  }

  private static Map<String, ?> tokenizer(WordPiece tokenizer) {
    WordPieceOptions options = tokenizer.options();
    return object(
        "version", "1.0",
        "truncation", null,
        "padding", null,
        "added_tokens", tokenizer.addedTokens().stream().map(TokenizerWriter::added).toList(),
        "normalizer",
            object(
                "type", "BertNormalizer",
                "clean_text", options.cleanText(),
                "handle_chinese_chars", options.handleChineseChars(),
                "strip_accents", options.stripAccents(),
                "lowercase", options.lowercase()),
        "pre_tokenizer", object("type", "BertPreTokenizer"),
        "post_processor", template(tokenizer),
        "decoder",
            object("type", "WordPiece", "prefix", options.continuingPrefix(), "cleanup", true),
        "model",
            object(
                "type", "WordPiece",
                "unk_token", options.unknownToken(),
                "continuing_subword_prefix", options.continuingPrefix(),
                "max_input_chars_per_word", options.maxInputCharsPerWord(),
                "vocab", vocabulary(tokenizer)));
  }

  private static Map<String, Integer> vocabulary(WordPiece tokenizer) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < tokenizer.vocabulary().size(); id++) {
      if (tokenizer.inModel(id)) {
        ids.put(tokenizer.vocabulary().token(id), id);
      }
    }
    return ids;
  }

  private static Map<String, ?> added(AddedToken token) {
    return object(
        "id", token.id(),
        "content", token.content(),
        "single_word", token.singleWord(),
        "lstrip", token.leftStrip(),
        "rstrip", token.rightStrip(),
        "normalized", false,
        "special", token.special());
  }

  private static Map<String, ?> template(WordPiece tokenizer) {
    String cls = tokenizer.options().clsToken();
    String sep = tokenizer.options().sepToken();
    List<?> single = List.of(special(cls, 0), sequence("A", 0), special(sep, 0));
    List<?> pair =
        List.of(
            special(cls, 0), sequence("A", 0), special(sep, 0), sequence("B", 1), special(sep, 1));
    return object(
        "type",
        "TemplateProcessing",
        "single",
        single,
        "pair",
        pair,
        "special_tokens",
        object(
            cls, definition(cls, tokenizer.clsId()),
            sep, definition(sep, tokenizer.sepId())));
  }

  private static Map<String, ?> special(String token, int type) {
    return object("SpecialToken", object("id", token, "type_id", type));
  }

  private static Map<String, ?> sequence(String name, int type) {
    return object("Sequence", object("id", name, "type_id", type));
  }

  private static Map<String, ?> definition(String token, int id) {
    return object("id", token, "ids", List.of(id), "tokens", List.of(token));
  }

  /** An object of names and values in turn; unlike {@code Map.of} ordered and with nulls. */
  private static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return map;
  }
}
