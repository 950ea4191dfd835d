package dev.bulwark.robust.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DemoDataTest {
  private static final Map<String, Corpus> FILES =
      Map.of("train.tsv", DemoData.train(), "dev.tsv", DemoData.dev(), "test.tsv", DemoData.test());

  @Test
  void everyBeginningIsBalanced() throws IOException {
    Labels labels = DemoData.train().labels();
    assertEquals(new TreeSet<>(DemoSample.CLASSES), new TreeSet<>(labels.names()));
    for (Map.Entry<String, Corpus> file : FILES.entrySet()) {
      List<Example> examples = file.getValue().readAll(labels);
      int rounds = DemoSample.PER_CLASS.getOrDefault(file.getKey(), 0);
      assertEquals(rounds * labels.size(), examples.size());
      for (int i = 0; i < examples.size(); i += labels.size()) {
        List<Example> round = examples.subList(i, i + labels.size());
        assertEquals(labels.size(), round.stream().map(Example::label).distinct().count());
      }
    }
  }

  @Test
  void noSentenceOccursTwice() throws IOException {
    Labels labels = DemoData.train().labels();
    Set<String> seen = new HashSet<>();
    for (Corpus corpus : FILES.values()) {
      for (Example example : corpus.readAll(labels)) {
        assertTrue(seen.add(example.text()), example.text());
        int words = example.text().split(" ").length;
        assertTrue(words >= 8 && words <= 24, example.text());
      }
    }
  }

  @Test
  void theRecipeMakesTheCommittedFiles() throws IOException {
    String root = System.getProperty("bulwark.root", "..");
    Path shared = Path.of(System.getProperty("bulwark.shared", root + "/../shared"));
    Path source = shared.resolve("data/dbpedia/dbpedia14-subset.jsonl.gz");
    assumeTrue(Files.exists(source), "the source of the demo sample is not at " + source);
    Map<String, String> made = DemoSample.make(source);
    for (String file : FILES.keySet()) {
      try (InputStream in =
          DemoData.class.getResourceAsStream("/dev/bulwark/robust/demo/" + file)) {
        assertTrue(in != null, file);
        assertEquals(new String(in.readAllBytes(), StandardCharsets.UTF_8), made.get(file), file);
      }
    }
  }

  @Test
  void everyFileOpens() throws IOException {
    for (String file : List.of("train.tsv", "dev.tsv", "test.tsv")) {
      try (var in = DemoData.open(file)) {
        assertTrue(in.readAllBytes().length > 1000, file);
      }
    }
  }
}
