package dev.bulwark.robust.lexicon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WordVectorsTest {
  @TempDir Path dir;

  @Test
  void neighboursComeByFallingCosineWithoutTheWordItself() throws IOException {
    WordVectors vectors = read("up 1 0\nhigh 2 0.2\nside 1 1\ndown -3 0\n");
    List<Substitute> near = vectors.nearest(2, 0.5).of("Up");
    assertEquals(List.of("high", "side"), near.stream().map(Substitute::word).toList());
    assertEquals(2 / Math.sqrt(4.04), near.get(0).similarity(), 1e-6);
    assertEquals(Math.sqrt(0.5), near.get(1).similarity(), 1e-6);
    assertEquals(List.of(), vectors.nearest(5, 0.5).of("down"));
    assertEquals(List.of(), vectors.nearest(5, 0.5).of("unknown"));
    assertEquals(-1, vectors.cosine("up", "down"), 1e-6);
    assertTrue(Double.isNaN(vectors.cosine("up", "unknown")));
  }

  @Test
  void neighboursEqualAFullSortAcrossBlocks() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      text.append("w").append(i);
      for (int d = 0; d < 7; d++) {
        text.append(' ').append(random.nextInt(2001) / 1000.0 - 1);
      }
      text.append('\n');
    }
    WordVectors vectors = read(text.toString());
    for (String word : List.of("w0", "w1023", "w1024", "w2499")) {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 2500; i++) {
        all.add("w" + i);
      }
      all.remove(word);
      all.sort(Comparator.comparingDouble((String w) -> -vectors.cosine(word, w)));
      List<Substitute> near = vectors.nearest(50, -1).of(word);
      assertEquals(50, near.size());
      for (int i = 0; i < 50; i++) {
        assertEquals(vectors.cosine(word, all.get(i)), near.get(i).similarity(), 1e-6);
      }
    }
  }

  @Test
  void badLinesAreNamed() throws IOException {
    refused("", "empty");
    refused("a\n", "line 1");
    refused("a 1 2\nb 1\n", "line 2");
    refused("a 1 2\nb 1 2 3\n", "line 2");
    refused("a 1 x\n", "'x' is not a number");
    refused("a 1 NaN\n", "not finite");
    refused("a 1 2\na 1 2\n", "'a' was there before");
    refused(" 1 2\n", "line 1");
    Path file = dir.resolve("latin1.txt");
    Files.write(file, "caf\u00e9 1 2\n".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> WordVectors.read(file))
            .toString()
            .contains("not UTF-8"));
  }

  private void refused(String text, String why) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> read(text));
    assertTrue(e.toString().contains(why), e.toString());
  }

  private WordVectors read(String text) throws IOException {
    return WordVectors.read(Files.writeString(dir.resolve("vectors.txt"), text));
  }
}
