package dev.bulwark.robust.predict;

import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.perturb.Draws;

/**
 * A sequence with random numbers of its own.
 *
 * @param row the sequence
 * @param draws its numbers, whatever else is in the batch
 * @param pass name of the pass, which tells several passes over it apart
 */
public record NoisyRow(InputRow row, Draws draws, String pass) {
  NoisyRow with(InputRow other) {
    return new NoisyRow(other, draws, pass);
  }

  NoisyRow in(String otherPass) {
    return new NoisyRow(row, draws, otherPass);
  }
}
