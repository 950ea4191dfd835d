package dev.bulwark.robust.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.robust.predict.Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertifiedAccuracyTest {
  @Test
  void countsTheRightOnesByTheirRadius() {
    CertifiedAccuracy c =
        new CertifiedAccuracy(
            List.of(
                new Certificate(0, 0.9, 0.4), // right
                new Certificate(1, 0.8, 0.2), // right
                new Certificate(1, 0.9, 0.4), // wrong
                new Certificate(0, 0.4, 0)), // right, but abstains
            new int[] {0, 1, 0, 0});
    assertEquals(0.5, c.at(0));
    assertEquals(0.5, c.at(0.2));
    assertEquals(0.25, c.at(0.3));
    assertEquals(0, c.at(0.5));
    assertEquals(0.25, c.abstained());
    assertEquals(0.15, c.meanRadius(), 1e-12);
  }
}
