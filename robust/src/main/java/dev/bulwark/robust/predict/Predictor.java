package dev.bulwark.robust.predict;

import java.util.List;

/** A classifier seen from outside: texts in, class probabilities out. Attacks know no more. */
public interface Predictor {
  /**
   * The number of classes.
   *
   * @return C, at least 2
   */
  int classes();

  /**
   * Class probabilities of each text, in order. The result for a text does not depend on the other
   * texts of the call.
   *
   * @param texts any number of inputs, also none
   * @return one row of C probabilities per text, each row summing to 1
   */
  float[][] predict(List<TextInput> texts);
}
