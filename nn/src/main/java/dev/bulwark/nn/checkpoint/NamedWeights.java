package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Weights that know all their entries: looks names up and checks shapes, and leaves reading one
 * entry to its subclass.
 *
 * @param <E> what is known of a tensor before it is read
 */
abstract class NamedWeights<E> implements Weights {
  private final String where;
  private final NavigableMap<String, E> entries;

  NamedWeights(String where, Map<String, E> entries) {
    this.where = where;
    this.entries = Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
  }

  abstract Shape shapeOf(E entry);

  abstract Tensor read(String name, E entry);

  final String where() {
    return where;
  }

  @Override
  public final Set<String> names() {
    return entries.navigableKeySet();
  }

  @Override
  public final boolean has(String name) {
    return entries.containsKey(name);
  }

  @Override
  public final Shape shape(String name) {
    return shapeOf(entry(name));
  }

  @Override
  public final Tensor get(String name, Shape expected) {
    E entry = entry(name);
    if (!shapeOf(entry).equals(expected)) {
      throw CheckpointException.at(
          where,
          ("tensor '%s' has shape %s where the model needs %s; do config and weights belong"
                  + " together?")
              .formatted(name, shapeOf(entry), expected));
    }
    return read(name, entry);
  }

  private E entry(String name) {
    E entry = entries.get(name);
    if (entry == null) {
      List<String> nearest = Nearest.to(name, entries.keySet(), 3);
      throw CheckpointException.at(
          where,
          "there is no tensor '%s'; %s"
              .formatted(
                  name,
                  nearest.isEmpty()
                      ? "the file has none at all"
                      : "the nearest names are " + String.join(", ", nearest)));
    }
    return entry;
  }
}
