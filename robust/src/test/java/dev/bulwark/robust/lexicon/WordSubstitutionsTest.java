package dev.bulwark.robust.lexicon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WordSubstitutionsTest {
  @TempDir Path dir;

  @Test
  void theBundledTableHasAllWordsNearestFirst() {
    NeighborTable table = NeighborTable.bundled();
    assertEquals(49_975, table.size());
    assertEquals(
        List.of("film", "filmmaking", "films", "movies", "cinema"),
        words(table.of("Movie")).subList(0, 5));
    assertEquals(List.of(), table.of("an"));
    assertEquals(List.of(), table.of("nosuchwordatall"));
  }

  @Test
  void aTableFileThatIsSomethingElseIsRefusedByName() throws IOException {
    for (String bad :
        List.of("[]", "{\"a\": \"b\"}", "{\"a\": [1]}", "{\"a\": [\"b\"", "{\"a\":[],\"a\":[]}")) {
      Path file = Files.writeString(dir.resolve("table.json"), bad);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> NeighborTable.read(file), bad);
      assertTrue(e.toString().contains("table.json"), e.toString());
    }
    Path good = Files.writeString(dir.resolve("ok.json"), "{\"a\": [\"b\"]}");
    assertEquals(List.of("b"), words(NeighborTable.read(good).of("A")));
  }

  @Test
  void wordNetGivesSingleWordLemmasOfTheBaseForm() {
    List<String> synonyms = words(WordNet.bundled().of("movies"));
    assertTrue(synonyms.containsAll(List.of("film", "picture", "flick")), synonyms.toString());
    assertFalse(synonyms.contains("moving picture"));
    assertFalse(words(WordNet.bundled().of("film")).contains("film"));
    assertEquals(List.of(), WordNet.bundled().of("the"));
    assertTrue(words(WordNet.bundled().of("went")).contains("travel"));
    assertEquals(List.of(), WordNet.bundled().of("k-19"));
  }

  @Test
  void wordNetSurvivesOddWordsAndManyThreads() {
    WordNet wordNet = WordNet.bundled();
    for (String odd :
        List.of("", " ", "don't", "a-b-c-d-e-f-g", "1990", "naïve", "東京", "x".repeat(500), "%@")) {
      assertFalse(words(wordNet.of(odd)).contains(odd), odd);
    }
    List<String> sample = List.of("happy", "running", "dogs", "better", "quickly", "sad");
    List<List<Substitute>> expected = sample.stream().map(wordNet::of).toList();
    assertTrue(
        IntStream.range(0, 600)
            .parallel()
            .allMatch(i -> wordNet.of(sample.get(i % 6)).equals(expected.get(i % 6))));
  }

  @Test
  void aUnionKeepsTheFirstSourceFirstAndNamesNothingTwice() {
    WordSubstitutions first =
        w -> List.of(new Substitute("film", 0.9), new Substitute("flick", 0.8));
    WordSubstitutions second = w -> List.of(new Substitute("Film"), new Substitute("picture"));
    assertEquals(
        List.of(
            new Substitute("film", 0.9), new Substitute("flick", 0.8), new Substitute("picture")),
        first.then(second).of("movie"));
  }

  @Test
  void stopWordsMatchExactlyUnlessToldOtherwise() {
    StopWords stop = StopWords.textFooler();
    assertEquals(266, stop.size());
    assertTrue(stop.contains("the"));
    assertFalse(stop.contains("The"));
    assertTrue(stop.ignoringCase().contains("The"));
    assertFalse(stop.contains("film"));
  }

  private static List<String> words(List<Substitute> substitutes) {
    return substitutes.stream().map(Substitute::word).toList();
  }
}
