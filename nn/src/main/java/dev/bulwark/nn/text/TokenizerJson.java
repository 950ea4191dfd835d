package dev.bulwark.nn.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code tokenizer.json} of the BERT kind: model {@code WordPiece}, {@code BertNormalizer},
 * {@code BertPreTokenizer}, and {@code BertProcessing} or the template that says the same. Anything
 * else is refused by name: a tokenizer that is nearly right is worse than none.
 */
final class TokenizerJson {
  private final JsonNode root;
  private final String where;

  private TokenizerJson(JsonNode root, String where) {
    this.root = root;
    this.where = where;
  }

  /** Reads a file; {@code names} tells the padding and mask tokens, which are not in it. */
  static WordPiece read(InputStream in, String where, WordPieceOptions names) throws IOException {
    return new TokenizerJson(StrictJson.object(in, where), where).tokenizer(names);
  }

  static WordPiece read(String json, String where, WordPieceOptions names) {
    return new TokenizerJson(StrictJson.object(json, where), where).tokenizer(names);
  }

  private WordPiece tokenizer(WordPieceOptions names) {
    JsonNode model = part("model", "WordPiece");
    JsonNode normalizer = part("normalizer", "BertNormalizer");
    part("pre_tokenizer", "BertPreTokenizer");
    Set<Integer> outsideModel = new HashSet<>();
    List<AddedToken> added = addedTokens();
    Vocabulary vocabulary = vocabulary(model, added, outsideModel);
    JsonNode processor = part("post_processor", "TemplateProcessing", "BertProcessing");
    boolean template = type(processor).equals("TemplateProcessing");
    int cls = template ? templateToken(processor, 0) : namedToken(processor, "cls");
    int sep = template ? templateToken(processor, 2) : namedToken(processor, "sep");
    WordPieceOptions options =
        names
            .change()
            .lowercase(StrictJson.bool(normalizer, "lowercase", true, where))
            .stripAccents(TokenizerConfig.optional(normalizer, "strip_accents", where))
            .cleanText(StrictJson.bool(normalizer, "clean_text", true, where))
            .handleChineseChars(StrictJson.bool(normalizer, "handle_chinese_chars", true, where))
            .maxInputCharsPerWord(StrictJson.integer(model, "max_input_chars_per_word", 100, where))
            .continuingPrefix(
                StrictJson.string(
                    model, "continuing_subword_prefix", names.continuingPrefix(), where))
            .unknownToken(StrictJson.string(model, "unk_token", names.unknownToken(), where))
            .clsToken(token(vocabulary, cls))
            .sepToken(token(vocabulary, sep))
            .build();
    return new WordPiece(vocabulary, options, added, outsideModel, where);
  }

  private String token(Vocabulary vocabulary, int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "%s: the post_processor names token id %d, but with %d tokens ids go from 0 to %d."
              .formatted(where, id, vocabulary.size(), vocabulary.size() - 1));
    }
    return vocabulary.token(id);
  }

  /** A part of the tokenizer, its type checked. */
  private JsonNode part(String name, String... types) {
    JsonNode node = StrictJson.member(root, name);
    String found = node == null ? "nothing" : type(node);
    if (node == null || !Arrays.asList(types).contains(found)) {
      throw new IllegalArgumentException(
          "%s: the %s is %s, but only %s can be read."
              .formatted(where, name, found, String.join(" and ", types)));
    }
    return node;
  }

  private static String type(JsonNode part) {
    JsonNode type = StrictJson.member(part, "type");
    return type == null ? "of no type" : type.asString();
  }

  private List<AddedToken> addedTokens() {
    List<AddedToken> added = new ArrayList<>();
    Set<String> contents = new HashSet<>();
    JsonNode list = StrictJson.member(root, "added_tokens");
    if (list == null) {
      return added;
    }
    if (!list.isArray()) {
      throw StrictJson.wrong(where, "added_tokens", "a list", list);
    }
    for (JsonNode token : list) {
      String content = StrictJson.string(token, "content", null, where + ", added_tokens");
      String place = where + ", added token '" + content + "'";
      if (StrictJson.bool(token, "normalized", false, place)) {
        throw new IllegalArgumentException(
            place
                + " is to be found in normalised text, which is not supported; set 'normalized' to"
                + " false.");
      }
      if (!contents.add(content)) {
        throw new IllegalArgumentException(place + " is listed twice.");
      }
      added.add(
          new AddedToken(
              content,
              StrictJson.integer(token, "id", null, place),
              StrictJson.bool(token, "single_word", false, place),
              StrictJson.bool(token, "lstrip", false, place),
              StrictJson.bool(token, "rstrip", false, place),
              StrictJson.bool(token, "special", false, place)));
    }
    return added;
  }

  private Vocabulary vocabulary(JsonNode model, List<AddedToken> added, Set<Integer> outsideModel) {
    JsonNode vocab = StrictJson.member(model, "vocab");
    if (vocab == null || !vocab.isObject()) {
      throw StrictJson.wrong(where, "model.vocab", "an object of tokens and ids", vocab);
    }
    for (AddedToken token : added) {
      JsonNode id = vocab.get(token.content());
      if (id == null) {
        outsideModel.add(token.id());
      } else if (!id.isIntegralNumber() || id.intValue() != token.id()) {
        throw new IllegalArgumentException(
            "%s: the added token '%s' has id %d, but %s in the vocabulary."
                .formatted(where, token.content(), token.id(), id));
      }
    }
    @Nullable String[] tokens = new @Nullable String[vocab.size() + outsideModel.size()];
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      JsonNode id = entry.getValue();
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw StrictJson.wrong(where, "model.vocab." + entry.getKey(), "a whole number", id);
      }
      place(tokens, id.intValue(), entry.getKey());
    }
    for (AddedToken token : added) {
      if (outsideModel.contains(token.id())) {
        place(tokens, token.id(), token.content());
      }
    }
    List<String> all = new ArrayList<>(tokens.length);
    for (String token : tokens) {
      if (token == null) {
        // Cannot be: as many tokens as places, each in range, no two in one place.
        throw new IllegalStateException(where + ": id " + all.size() + " has no token.");
      }
      all.add(token);
    }
    return Vocabulary.of(all, where);
  }

  private void place(@Nullable String[] tokens, int id, String token) {
    if (id < 0 || id >= tokens.length) {
      throw new IllegalArgumentException(
          "%s: token '%s' has id %d, but with %d tokens ids go from 0 to %d."
              .formatted(where, token, id, tokens.length, tokens.length - 1));
    }
    if (tokens[id] != null) {
      throw new IllegalArgumentException(
          "%s: tokens '%s' and '%s' both have id %d.".formatted(where, tokens[id], token, id));
    }
    tokens[id] = token;
  }

  /** Id in {@code BertProcessing}: {@code "cls": ["[CLS]", 101]}. */
  private int namedToken(JsonNode processor, String name) {
    JsonNode pair = StrictJson.member(processor, name);
    if (pair == null || !pair.isArray() || pair.size() != 2 || !pair.get(1).canConvertToInt()) {
      throw StrictJson.wrong(where, "post_processor." + name, "a token and its id", pair);
    }
    return pair.get(1).intValue();
  }

  /**
   * Id of the special token at a place of the template, once the template is known to be BERT's.
   */
  private int templateToken(JsonNode processor, int at) {
    String cls = step(processor, "single", 0, "SpecialToken");
    String sep = step(processor, "single", 2, "SpecialToken");
    List<String> single = List.of(cls + ":0", "A:0", sep + ":0");
    List<String> pair = List.of(cls + ":0", "A:0", sep + ":0", "B:1", sep + ":1");
    if (!steps(processor, "single").equals(single) || !steps(processor, "pair").equals(pair)) {
      throw new IllegalArgumentException(
          "%s: the post_processor has the template %s, %s, but only BERT's, %s, can be read."
              .formatted(where, steps(processor, "single"), steps(processor, "pair"), pair));
    }
    String name = at == 0 ? cls : sep;
    JsonNode ids = processor.path("special_tokens").path(name).path("ids");
    if (!ids.isArray() || ids.size() != 1 || !ids.get(0).canConvertToInt()) {
      throw StrictJson.wrong(where, "post_processor.special_tokens." + name, "one id", ids);
    }
    return ids.get(0).intValue();
  }

  private static String step(JsonNode processor, String template, int at, String kind) {
    return processor.path(template).path(at).path(kind).path("id").asString("");
  }

  /** A template as text, each step as token or sequence, colon, type id. */
  private static List<String> steps(JsonNode processor, String template) {
    List<String> steps = new ArrayList<>();
    for (JsonNode step : processor.path(template)) {
      JsonNode kind = step.has("Sequence") ? step.path("Sequence") : step.path("SpecialToken");
      steps.add(kind.path("id").asString("?") + ":" + kind.path("type_id").asString("?"));
    }
    return steps;
  }
}
