package dev.bulwark.robust.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.text.Tokenizer;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.data.InputRow;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {
  private static final Tokenizer TOKENIZER = Tiny.tokenizer();
  private static final List<Template> TEMPLATES =
      Template.list("It is [MASK] . |[SEP] It was [MASK]");

  private static List<String> rows(int maxLength, String text, @Nullable String pair) {
    return new PromptEncoder(TOKENIZER, TEMPLATES, maxLength)
        .rows(text, pair).stream().map(PromptEncoderTest::shown).toList();
  }

  /** The tokens, the focus in angle brackets, segment 1 in capitals. */
  private static String shown(InputRow row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.length(); i++) {
      String token = TOKENIZER.vocabulary().token(row.ids()[i]);
      text.append(i == 0 ? "" : " ")
          .append(i == row.focus() ? "<" + token + ">" : token)
          .append(row.types()[i] == 1 ? "/1" : "");
    }
    return text.toString();
  }

  @Test
  void aPrefixGoesAfterClsAndASuffixBeforeSep() {
    assertEquals(
        List.of("[CLS] it is <[MASK]> . the film [SEP]", "[CLS] the film it was <[MASK]> [SEP]"),
        rows(24, "the film", null));
  }

  @Test
  void aLongTextLosesItsEndAndTheTemplateStays() {
    assertEquals(
        List.of("[CLS] it is <[MASK]> . the [SEP]", "[CLS] the film it was <[MASK]> [SEP]"),
        rows(7, "the film was of a very good story", null));
  }

  @Test
  void aMaskInTheTextDoesNotDrawTheFocus() {
    assertEquals(
        List.of(
            "[CLS] it is <[MASK]> . the [MASK] film [SEP]",
            "[CLS] the [MASK] film it was <[MASK]> [SEP]"),
        rows(24, "the [MASK] film", null));
  }

  @Test
  void aPairKeepsItsSegments() {
    assertEquals(
        List.of(
            "[CLS] it is <[MASK]> . the film [SEP] a/1 story/1 [SEP]/1",
            "[CLS] the film [SEP] a/1 story/1 it/1 was/1 <[MASK]>/1 [SEP]/1"),
        rows(24, "the film", "a story"));
    for (InputRow row :
        new PromptEncoder(TOKENIZER, TEMPLATES, 10)
            .rows("the film was of a very good story", "a story of a film")) {
      assertEquals(10, row.length());
      assertEquals(2, Arrays.stream(row.ids()).filter(i -> i == TOKENIZER.sepId()).count());
      assertEquals(TOKENIZER.maskId(), row.ids()[row.focus()]);
    }
  }

  @Test
  void emptyTextsAreRowsToo() {
    assertEquals(
        List.of("[CLS] it is <[MASK]> . [SEP]", "[CLS] it was <[MASK]> [SEP]"), rows(24, "", null));
  }

  @Test
  void aTemplateNeedsOneMask() {
    for (String bad : List.of("It is good", "", "[SEP] [MASK] or [MASK]", "It is [MASK]|It is")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Template.list(bad)).toString();
      assertTrue(message.contains("must hold [MASK] exactly once"), message);
    }
  }

  @Test
  void aTemplateMustLeaveRoom() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> new PromptEncoder(TOKENIZER, TEMPLATES, 6))
            .toString();
    assertTrue(message.contains("'It is [MASK] . ' takes 4 tokens, which leaves no room"), message);
    assertTrue(message.contains("rows of 6; raise max-length"), message);
  }

  @Test
  void templatesAreReadAsWritten() {
    assertEquals(
        "false:a [MASK]  | true:[MASK] ",
        Template.list("a [MASK] |[SEP] [MASK] ").stream()
            .map(t -> t.suffix() + ":" + t.body())
            .collect(Collectors.joining(" | ")));
  }
}
