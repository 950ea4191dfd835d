package dev.bulwark.nn.text;

import static dev.bulwark.nn.text.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Encodings against Hugging Face's, one by one: odd texts, every truncation, added tokens. */
class EncodingGoldenTest {
  private final Tokenizer tokenizer = HuggingFace.miniLm();

  @TestFactory
  Stream<DynamicTest> encodingIsHuggingFaces() {
    List<String> lines = HuggingFace.lines("hf-encodings.jsonl");
    assertEquals(292, lines.size());
    return IntStream.range(0, lines.size())
        .mapToObj(i -> {
          JsonNode golden = StrictJson.object(lines.get(i), "case " + i);
          return DynamicTest.dynamicTest(i + ": " + golden.get("text"), () -> check(golden));
        });
  }

  private void check(JsonNode golden) {
    String text = golden.get("text").stringValue();
    @Nullable String pair = golden.get("pair").isNull() ? null : golden.get("pair").stringValue();
    EncodeOptions options = EncodeOptions.unlimited();
    if (!golden.get("max").isNull()) {
      String strategy = golden.get("strategy").stringValue().toUpperCase(Locale.ROOT);
      options =
          EncodeOptions.of(golden.get("max").intValue())
              .withTruncation(Truncation.valueOf(strategy));
    }
    EncodeOptions how =
        golden.get("special").booleanValue() ? options : options.withoutSpecialTokens();
    if (golden.has("error")) {
      String error = refusal(() -> tokenizer.encode(text, pair, how).length());
      boolean noPair = golden.get("error").stringValue().contains("not provided");
      String reason = noPair ? "no second text" : "too few to bring";
      assertTrue(error.contains(reason), error);
      return;
    }
    Encoding encoding = tokenizer.encode(text, pair, how);
    int[] ids = encoding.ids();
    assertArrayEquals(ints(golden, "ids"), ids, "ids");
    assertArrayEquals(ints(golden, "types"), encoding.typeIds(), "type ids");
    if (!golden.has("offsets")) {
      return;
    }
    int[] starts = HuggingFace.points(encoding, encoding.startOffsets(), text, pair);
    int[] ends = HuggingFace.points(encoding, encoding.endOffsets(), text, pair);
    int[] offsets =
        IntStream.range(0, ids.length).flatMap(i -> IntStream.of(starts[i], ends[i])).toArray();
    assertArrayEquals(ints(golden, "offsets"), offsets, "offsets");
    assertArrayEquals(ints(golden, "words"), encoding.wordIds(), "word ids");
    int[] mask = IntStream.range(0, ids.length).map(i -> encoding.isSpecial(i) ? 1 : 0).toArray();
    assertArrayEquals(ints(golden, "mask"), mask, "special tokens");
    assertEquals(golden.get("decoded").stringValue(), tokenizer.decode(ids, true));
    assertEquals(golden.get("decodedAll").stringValue(), tokenizer.decode(ids, false));
  }

  private static int[] ints(JsonNode object, String name) {
    JsonNode list = object.get(name);
    return IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray();
  }
}
