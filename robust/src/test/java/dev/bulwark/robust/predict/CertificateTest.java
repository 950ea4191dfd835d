package dev.bulwark.robust.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateTest {
  private static final double PHI_OF_ONE = 0.8413447460685429;

  @Test
  void unanimousPassesGiveTheRootOfTheError() {
    // n of n votes: the bound is error^(1/n); here it is Phi(1), so that the radius is sigma.
    Certificate c = Certificate.of(1, 10, 10, Math.pow(PHI_OF_ONE, 10), 0.25);
    assertEquals(PHI_OF_ONE, c.probability(), 1e-8);
    assertEquals(0.25, c.radius(), 1e-7);
    assertFalse(c.abstains());
    assertEquals(1, c.winner());
  }

  @Test
  void someVotesGiveAQuantileOfTheBetaDistribution() {
    // 2 of 3 votes: Beta(2, 2) has the distribution function 3 x^2 - 2 x^3, which is 0.648 at 0.6.
    assertEquals(0.6, Certificate.of(0, 2, 3, 0.648, 1).probability(), 1e-8);
    // 1 of n votes: 1 - (1 - x)^n.
    assertEquals(0.1, Certificate.of(0, 1, 4, 1 - Math.pow(0.9, 4), 1).probability(), 1e-8);
    // Phi^-1(0.6) = 0.2533471
    assertEquals(0.2 * 0.2533471, Certificate.of(0, 2, 3, 0.648, 0.2).radius(), 1e-7);
  }

  @Test
  void itAbstainsWithoutAClearMajority() {
    for (int votes : new int[] {0, 1, 50, 55}) {
      Certificate c = Certificate.of(0, votes, 100, 0.001, 0.2);
      assertTrue(c.abstains(), votes + " votes");
      assertEquals(0, c.radius());
    }
    assertFalse(Certificate.of(0, 70, 100, 0.001, 0.2).abstains());
  }

  @Test
  void withoutNoiseNothingIsCertified() {
    assertEquals(0, Certificate.of(0, 100, 100, 0.001, 0).radius());
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2, 0.1, 1",
    "-1, 2, 0.1, 1",
    "0, 0, 0.1, 1",
    "1, 2, 0, 1",
    "1, 2, 1, 1",
    "1, 2, 0.1, -1"
  })
  void senselessNumbersAreRefused(int votes, int passes, double error, double sigma) {
    assertThrows(
        IllegalArgumentException.class, () -> Certificate.of(0, votes, passes, error, sigma));
  }
}
