package dev.bulwark.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @TempDir Path folder;

  @Test
  void readsEveryKindOfValue() {
    assertEquals(
        "{a=[1, -2.5, 1000.0, true, false, null], b={}, c=[], d=}",
        String.valueOf(
            Json.parse(
                " {\"a\" : [1, -2.5,1e3 ,true,false,null],\n\t\"b\":{},\r\"c\":[ ],\"d\":\"\"} ")));
    assertEquals(
        "\"\\/\b\f\n\r\t\u20ac\ud83d\ude00é",
        Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20AC\\ud83d\\uDE00é\""));
    assertEquals(9223372036854775807L, Json.parse("9223372036854775807"));
    assertEquals(-9223372036854775807L, Json.parse("-9223372036854775807"));
    assertEquals(0x1p63, Json.parse("9223372036854775808"));
    assertEquals(1e20, Json.parse("100000000000000000000"));
    assertEquals(-0.0, Json.parse("-0"));
    assertEquals(0L, Json.parse("0"));
    assertEquals(0.25e-3, Json.parse("0.25E-3"));
    assertEquals(2e1, Json.parse("2e+1"));
  }

  @Test
  void keepsTheOrderOfKeys() {
    assertEquals(
        "[z, a, m]", Json.object(Json.parse("{\"z\":1,\"a\":2,\"m\":3}")).keySet().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "~~; line 1, column 1: text ends too early",
        "tru; line 1, column 1: a value was expected",
        "nul; line 1, column 1: a value was expected",
        "fals; line 1, column 1: a value was expected",
        "01; line 1, column 2: something follows the value",
        "1.; line 1, column 3: text ends",
        ".5; line 1, column 1: '.' is out of place",
        "+1; line 1, column 1: '+' is out of place",
        "-; line 1, column 2: text ends",
        "1e; line 1, column 3: text ends",
        "1e+x; line 1, column 4: 'x' is out of place",
        "1e999; line 1, column 1: a number is too large for a double",
        "Infinity; line 1, column 1: 'I' is out of place",
        "[1,]; line 1, column 4: ']' is out of place",
        "[1 2]; line 1, column 4: ',' was expected",
        "[1; line 1, column 3: text ends too early",
        "{\"a\" 1}; line 1, column 6: ':' was expected",
        "{\"a\":1 \"b\":2}; line 1, column 8: ',' was expected",
        "{1:2}; line 1, column 2: a key in quotes was expected",
        "{\"a\":1,\"a\":2}; line 1, column 8: key 'a' appears twice in one object",
        "\"a; line 1, column 3: text ends too early",
        "\"\\x\"; line 1, column 3: a backslash stands before 'x'",
        "\"\\u12g4\"; line 1, column 6: four hexadecimal digits were expected",
        "\"\\u12\u0664\"; line 1, column 6: four hexadecimal digits were expected",
        "\"\\ud800\"; line 1, column 9: a string holds half of a surrogate pair",
        "\"\\udc00\\ud800\"; line 1, column 15: a string holds half of a surrogate pair",
        "\"\\ud800x\"; line 1, column 10: a string holds half of a surrogate pair",
        "1 2; line 1, column 3: something follows the value"
      })
  void saysWhereTextIsWrong(String text, String message) {
    assertEquals(message, assertThrows(JsonException.class, () -> Json.parse(text)).getMessage());
  }

  @Test
  void countsLinesAndRefusesRawControlCharacters() {
    var e = assertThrows(JsonException.class, () -> Json.parse("{\n \"a\": \"x\ny\"}"));
    assertEquals(
        "line 2, column 9: a control character stands in a string; escape it", e.getMessage());
  }

  @Test
  void allows64LevelsAndNoMore() {
    Json.parse("[".repeat(64) + "]".repeat(64));
    var e = assertThrows(JsonException.class, () -> Json.parse("[".repeat(65) + "]".repeat(65)));
    assertEquals("line 1, column 65: nesting is deeper than 64 levels", e.getMessage());
    Json.parse("[" + "[{}],".repeat(200) + "1]"); // depth is not the number of brackets
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] latin1 = "\"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    var e = assertThrows(JsonException.class, () -> Json.parse(latin1));
    assertEquals("text is not valid UTF-8", e.getMessage());
    assertEquals("é", Json.parse("\"é\"".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsFilesUpToALimit() throws IOException {
    Path file = Files.writeString(folder.resolve("c.json"), "{\"a\":1}");
    assertEquals(Map.of("a", 1L), Json.read(file, 7));
    var e = assertThrows(TensorFileException.class, () -> Json.read(file, 6));
    assertTrue(String.valueOf(e.getMessage()).contains("has more than 6 bytes"));
    Files.writeString(file, "[1]");
    e = assertThrows(TensorFileException.class, () -> Json.read(file, 100));
    assertEquals(
        file
            + ": is not a JSON object: an object was expected, not an array; correct it or fetch it"
            + " again",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":[1,-2.5,true,false,null,\"x\\n\\\"\\\\\\u0001\\u001f\\t\\r\\b\\fé\"],\"b\":{},\"c\":[]}",
        "\"\ud83d\ude00\"",
        "-9223372036854775808",
        "1.0E300"
      })
  void writesWhatItReads(String text) {
    assertEquals(text, Json.write(Json.parse(text)));
  }

  @Test
  void writesSmallNumberTypesToo() {
    assertEquals("[1,0.5,2]", Json.write(Arrays.asList(1, 0.5f, 2L)));
  }

  @Test
  void refusesToWriteWhatJsonDoesNotHave() {
    assertUnwritable("JSON has no way to write NaN", Double.NaN);
    assertUnwritable("JSON has no way to write Infinity", Float.POSITIVE_INFINITY);
    assertUnwritable("JSON has no way to write x", 'x');
    assertUnwritable("a string holds half of a surrogate pair", "\ud800");
    Map<String, Object> endless = new LinkedHashMap<>();
    endless.put("self", endless);
    assertUnwritable("a value is nested more than 64 levels deep", endless);
  }

  @Test
  void namesValuesInMessages() {
    for (var e :
        Map.of(
                "null",
                "null",
                "{}",
                "an object",
                "[]",
                "an array",
                "\"\"",
                "a string",
                "true",
                "true",
                "3",
                "the number 3")
            .entrySet()) {
      assertEquals(e.getValue(), Json.name(Json.parse(e.getKey())));
    }
    assertEquals(List.of(), Json.parse("[]"));
  }

  private static void assertUnwritable(String message, Object value) {
    assertEquals(message, assertThrows(JsonException.class, () -> Json.write(value)).getMessage());
  }
}
