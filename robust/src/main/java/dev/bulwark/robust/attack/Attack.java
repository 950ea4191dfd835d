package dev.bulwark.robust.attack;

import java.util.Comparator;
import java.util.List;

/**
 * An attack, put together from its parts. Holds no state: one attack serves any number of examples
 * and threads.
 *
 * @param name what it is called in logs and reports
 * @param goal when the victim is fooled
 * @param constraints what is allowed; kept in order of cost
 * @param transformation what may stand in a word's place
 * @param search in which order candidates are tried
 */
public record Attack(
    String name,
    Goal goal,
    List<Constraint> constraints,
    Transformation transformation,
    Search search) {
  /** Puts cheap constraints first; equal ones keep their order. */
  public Attack {
    constraints = constraints.stream().sorted(Comparator.comparing(Constraint::cost)).toList();
  }
}
