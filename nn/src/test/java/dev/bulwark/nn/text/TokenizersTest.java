package dev.bulwark.nn.text;

import static dev.bulwark.nn.text.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
  private static final List<String> TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "caf\u00e9", "cafe", "Cafe", "##s");
  private static final String JSON =
      """
      {"version": "1.0", "truncation": {"max_length": 2}, "padding": {"strategy": {"Fixed": 9}},
       "added_tokens": [
         {"id": 4, "content": "[MASK]", "special": true, "normalized": false},
         {"id": 7, "content": "@USER", "special": false, "normalized": false}],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                      "strip_accents": false, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 5,
                 "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4,
                           "caf\u00e9": 5, "##s": 6}}}
      """;
  @TempDir Path folder;

  @Test
  void tokenizerJsonIsReadAndItsPaddingAndTruncationIgnored() {
    Tokenizer tokenizer = Tokenizers.fromTokenizerJson(JSON, "t.json");
    assertEquals(8, tokenizer.vocabulary().size());
    assertEquals(
        List.of("[CLS]", "caf\u00e9", "##s", "@USER", "[UNK]", "[UNK]", "[SEP]"),
        tokenizer.encode("CAF\u00c9S@USER cafe caf\u00e9ss", 99).tokens(tokenizer.vocabulary()));
  }

  @Test
  void whatIsSavedReadsBackEqual() throws IOException {
    Tokenizer before = Tokenizers.fromTokenizerJson(JSON, "t.json");
    before.save(folder);
    Tokenizer after = Tokenizers.load(folder);
    assertEquals(((WordPiece) before).options(), ((WordPiece) after).options());
    assertEquals(((WordPiece) before).addedTokens(), ((WordPiece) after).addedTokens());
    assertEquals(before.vocabulary().tokens(), after.vocabulary().tokens());
    String text = "CAF\u00c9S@USER cafe [MASK]";
    assertEquals(before.encode(text, 20), after.encode(text, 20));
  }

  @Test
  void theRealTokenizerSurvivesBothForms() throws IOException {
    Tokenizer before = HuggingFace.miniLm();
    before.save(folder.resolve("new/folder"));
    Tokenizer fromJson = Tokenizers.load(folder.resolve("new/folder"));
    Files.delete(folder.resolve("new/folder/tokenizer.json"));
    Tokenizer fromVocabulary = Tokenizers.load(folder.resolve("new/folder"));
    RandomTexts texts = new RandomTexts(3);
    for (int i = 0; i < 200; i++) {
      String text = texts.text();
      assertEquals(before.encode(text, 64), fromJson.encode(text, 64));
      assertEquals(before.encode(text, 64), fromVocabulary.encode(text, 64));
    }
  }

  @Test
  void vocabularyFolderFollowsItsConfig() throws IOException {
    assertThrows(FileNotFoundException.class, () -> Tokenizers.load(folder));
    Files.write(folder.resolve("vocab.txt"), TOKENS);
    assertEquals(List.of("cafe"), pieces("Caf\u00e9"));
    config("{\"do_lower_case\": false}");
    assertEquals(List.of("Cafe"), pieces("Cafe"));
    assertEquals(List.of("[UNK]"), pieces("Caf\u00e9"));
    config("{\"do_lower_case\": false, \"strip_accents\": true, \"extra\": [1]}");
    assertEquals(List.of("Cafe"), pieces("Caf\u00e9"));
    config("{\"do_lower_case\": true, \"strip_accents\": false}");
    assertEquals(List.of("caf\u00e9", "##s"), pieces("CAF\u00c9s"));
    config("{\"mask_token\": {\"content\": \"##s\"}}");
    assertEquals(8, Tokenizers.load(folder).maskId());
    config("{\"do_lower_case\": \"yes\"}");
    String error = refusal(() -> Tokenizers.load(folder));
    assertTrue(
        error.endsWith(
            "tokenizer_config.json: 'do_lower_case' should be true or false, found \"yes\"."),
        error);
  }

  private List<String> pieces(String text) throws IOException {
    Tokenizer tokenizer = Tokenizers.load(folder);
    return tokenizer
        .encode(text, null, EncodeOptions.unlimited().withoutSpecialTokens())
        .tokens(tokenizer.vocabulary());
  }

  private void config(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), json);
  }

  @Test
  void whatIsNotBertsIsRefusedByName() {
    assertRefused("WordPiece\", \"unk", "BPE\", \"unk", "the model is BPE, but only WordPiece");
    assertRefused("\"BertNormalizer\"", "\"NFC\"", "the normalizer is NFC");
    assertRefused("\"BertPreTokenizer\"", "\"Metaspace\"", "the pre_tokenizer is Metaspace");
    assertRefused("\"BertProcessing\"", "\"RobertaProcessing\"", "is RobertaProcessing");
    assertRefused("\"post_processor\"", "\"x\"", "the post_processor is nothing");
    assertRefused(
        "false, \"normalized\": false", "false, \"normalized\": true", "added token '@USER'");
  }

  @Test
  void aTemplateOtherThanBertsIsRefused() {
    String template =
        """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
         "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                  {"Sequence": {"id": "B", "type_id": 1}},
                  {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
         "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                            "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}}\
        """;
    String processing =
        "{\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 3], \"cls\": [\"[CLS]\", 2]}";
    String json = JSON.replace(processing, template);
    assertEquals(
        Tokenizers.fromTokenizerJson(JSON, "a").encode("x", "y", EncodeOptions.of(9)),
        Tokenizers.fromTokenizerJson(json, "b").encode("x", "y", EncodeOptions.of(9)));
    String flat = json.replace("\"B\", \"type_id\": 1", "\"B\", \"type_id\": 0");
    String error = refusal(() -> Tokenizers.fromTokenizerJson(flat, "b"));
    assertTrue(error.contains("only BERT's"), error);
  }

  @Test
  void damagedJsonIsRefused() {
    assertRefused("\"##s\": 6", "\"##s\": 5", "both have id 5");
    assertRefused("\"##s\": 6", "\"##s\": 9", "ids go from 0 to 7");
    assertRefused("\"##s\": 6", "\"##s\": 1.5", "should be a whole number, found 1.5");
    assertRefused("\"##s\": 6", "\"##s\": 6, \"##s\": 6", "is not valid JSON (line 11");
    assertRefused("\"[MASK]\": 4", "\"[MASK]\": 7", "has id 4, but 7 in the vocabulary");
    assertRefused("\"@USER\"", "\"[MASK]\"", "is listed twice");
    assertRefused("[\"[SEP]\", 3]", "[\"[SEP]\", 44]", "the post_processor names token id 44");
    assertRefused("\"lowercase\": true", "\"lowercase\": 1", "should be true or false, found 1");
    assertRefused("}}}", "}}} {}", "is not valid JSON");
    assertRefused("}}}", "}}", "is not valid JSON");
    assertRefused("\"version\": \"1.0\"", "\"v\": " + "[".repeat(65) + "]".repeat(65), "depth");
    assertRefused("\"[PAD]\": 0, ", "", "ids go from 0 to 6");
    String list = refusal(() -> Tokenizers.fromTokenizerJson("[]", "t.json"));
    assertEquals("t.json does not hold a JSON object.", list);
    byte[] latin = "{\"caf\u00e9\": 1}".getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(
        IllegalArgumentException.class,
        () -> Tokenizers.fromTokenizerJson(new ByteArrayInputStream(latin), "t.json"));
  }

  private static void assertRefused(String part, String replacement, String message) {
    assertTrue(JSON.contains(part), part);
    String json = JSON.replace(part, replacement);
    String error = refusal(() -> Tokenizers.fromTokenizerJson(json, "t.json"));
    assertTrue(error.startsWith("t.json"), error);
    assertTrue(error.contains(message), error);
  }
}
