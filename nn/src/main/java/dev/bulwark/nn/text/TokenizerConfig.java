package dev.bulwark.nn.text;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what {@code tokenizer_config.json} says about a BERT tokenizer: {@code do_lower_case},
 * {@code strip_accents}, {@code tokenize_chinese_chars}, {@code clean_text} and the special tokens.
 * Everything else is left alone.
 */
final class TokenizerConfig {
  private TokenizerConfig() {}

  static WordPieceOptions read(InputStream in, String where) throws IOException {
    JsonNode config = StrictJson.object(in, where);
    WordPieceOptions usual = WordPieceOptions.uncased();
    return usual
        .change()
        .lowercase(StrictJson.bool(config, "do_lower_case", usual.lowercase(), where))
        .stripAccents(optional(config, "strip_accents", where))
        .cleanText(StrictJson.bool(config, "clean_text", usual.cleanText(), where))
        .handleChineseChars(StrictJson.bool(config, "tokenize_chinese_chars", true, where))
        .unknownToken(token(config, "unk_token", usual.unknownToken(), where))
        .clsToken(token(config, "cls_token", usual.clsToken(), where))
        .sepToken(token(config, "sep_token", usual.sepToken(), where))
        .padToken(token(config, "pad_token", usual.padToken(), where))
        .maskToken(token(config, "mask_token", usual.maskToken(), where))
        .build();
  }

  static @Nullable Boolean optional(JsonNode object, String name, String where) {
    return StrictJson.member(object, name) == null
        ? null
        : Boolean.valueOf(StrictJson.bool(object, name, false, where));
  }

  /** A token is written as a string, or as an object that describes an added token. */
  private static String token(JsonNode config, String name, String missing, String where) {
    JsonNode node = StrictJson.member(config, name);
    return node != null && node.isObject()
        ? StrictJson.string(node, "content", null, where + ", " + name)
        : StrictJson.string(config, name, missing, where);
  }
}
