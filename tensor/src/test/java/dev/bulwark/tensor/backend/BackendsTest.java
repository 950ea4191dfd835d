package dev.bulwark.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void theReferenceIsAlwaysLastAndUsable() {
    Backends.Found last = Backends.all().getLast();
    assertEquals("reference", last.provider().name());
    assertEquals(0, last.provider().rank());
    assertTrue(last.availability().usable());
    assertFalse(last.availability().reason().isEmpty());
    assertSame(Backends.reference(), last.provider().open());
    assertSame(Backends.reference(), Backends.named("reference"));
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    var e = assertThrows(IllegalArgumentException.class, () -> Backends.named("abacus"));
    assertTrue(
        String.valueOf(e.getMessage())
            .matches("no back end named 'abacus'; there are auto, cpu, .*reference"),
        e.getMessage());
  }

  @Test
  void withChoosesForItsBodyOnly() {
    Backend before = Backends.current();
    assertSame(Backends.reference(), Backends.with(Backends.reference(), () -> Backends.current()));
    assertSame(before, Backends.current());
  }

  @Test
  void theReferenceDescribesItself() {
    Backend b = Backends.reference();
    assertEquals("reference", b.name());
    assertTrue(b.isHost());
    b.synchronize();
    assertEquals(3, b.allocate(DType.U8, 3).size());
  }

  @Test
  void dropoutBasesFollowTheSequences() {
    AttentionSpec spec = new AttentionSpec(new int[] {0, 3, 3, 8}, 1, 0, Rng.seed(1));
    assertEquals(3, spec.sequences());
    long[] bases = spec.dropoutBases(2);
    assertEquals(0, bases[0]);
    assertEquals(2 * 3 * 4, bases[1]);
    assertEquals(2 * 3 * 4, bases[2]);
  }
}
