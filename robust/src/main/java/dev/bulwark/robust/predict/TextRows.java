package dev.bulwark.robust.predict;

import dev.bulwark.robust.data.InputEncoder;
import dev.bulwark.robust.data.InputRow;
import dev.bulwark.robust.perturb.Draws;
import dev.bulwark.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of texts with random numbers that come from a seed and a hash of the text itself, so that a
 * text gets the same ones whenever it is asked about, in whatever company.
 *
 * @param inputs makes the model's input of a text
 * @param rng stream of the seed
 */
record TextRows(InputEncoder inputs, Rng rng) {
  /** Texts that are prepared at once, to bound the copies held in memory. */
  static final int AT_ONCE = 64;

  List<NoisyRow> of(TextInput text) {
    Rng own = rng.split(text.text());
    if (text.pair() != null) {
      own = own.split(text.pair());
    }
    List<NoisyRow> rows = new ArrayList<>();
    for (InputRow row : inputs.rows(text.text(), text.pair())) {
      rows.add(new NoisyRow(row, Draws.of(own.split(rows.size())), ""));
    }
    return rows;
  }
}
