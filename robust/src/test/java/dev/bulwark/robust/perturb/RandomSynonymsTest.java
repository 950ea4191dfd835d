package dev.bulwark.robust.perturb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.nn.encoder.TokenBatch;
import dev.bulwark.robust.Tiny;
import dev.bulwark.robust.lexicon.Substitute;
import dev.bulwark.robust.lexicon.WordSubstitutions;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomSynonymsTest {
  private static final WordSubstitutions WORDS =
      word ->
          word.equals("film")
              ? List.of(new Substitute("movie"), new Substitute("story"))
              : List.of();

  private static TokenBatch batch() {
    return TokenBatch.of(
        List.of(
            Tiny.tokenizer().encode("the film ".repeat(400), 1000),
            Tiny.tokenizer().encode("film", 1000)),
        0);
  }

  private static RandomSynonyms synonyms(double probability) {
    return new RandomSynonyms(TokenSynonyms.of(Tiny.tokenizer(), WORDS, 8, true), probability);
  }

  private static int[] replaced(double probability, String pass) {
    return Scope.call(
        "test", () -> synonyms(probability).on(batch(), Draws.of(Rng.seed(3)), pass).ids());
  }

  @Test
  void aWordIsDrawnUniformlyFromItselfAndItsSynonyms() {
    int[] before = batch().ids();
    int[] after = replaced(1, "p");
    int[] counts = new int[Tiny.tokenizer().vocabulary().size()];
    int film = id("film");
    for (int i = 0; i < before.length; i++) {
      if (before[i] == film) {
        counts[after[i]]++;
      } else {
        assertEquals(before[i], after[i], "no other token changes");
      }
    }
    for (String word : List.of("film", "movie", "story")) {
      assertEquals(401 / 3.0, counts[id(word)], 30, word);
    }
    assertEquals(401, Arrays.stream(counts).sum());
  }

  private static int id(String word) {
    return Tiny.tokenizer().vocabulary().id(word).orElseThrow();
  }

  @Test
  void probabilityZeroChangesNothingAndPassesDiffer() {
    assertArrayEquals(batch().ids(), replaced(0, "p"));
    assertArrayEquals(replaced(0.5, "p"), replaced(0.5, "p"));
    assertTrue(!Arrays.equals(replaced(0.5, "p"), replaced(0.5, "q")));
  }

  @Test
  void aSenselessProbabilityIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> synonyms(1.1));
  }
}
