package dev.bulwark.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a model: owns parameters and parts of its own. Holds no state that a forward pass
 * changes; training or inference is said by the {@link Context}.
 */
public abstract class Module {
  private final List<Parameter> own = new ArrayList<>();
  private final List<Module> children = new ArrayList<>();

  /** For subclasses. */
  protected Module() {}

  /**
   * Registers a parameter.
   *
   * @param parameter the parameter
   * @return the same
   */
  protected final Parameter own(Parameter parameter) {
    own.add(parameter);
    return parameter;
  }

  /**
   * Registers a part.
   *
   * @param part the part
   * @param <M> its type
   * @return the same
   */
  protected final <M extends Module> M child(M part) {
    children.add(part);
    return part;
  }

  /**
   * All parameters of this module and its parts by full name, in the order they were made.
   *
   * @return an ordered view; a parameter shared by two parts appears once
   */
  public final Map<String, Parameter> parameters() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    collect(all);
    return Collections.unmodifiableMap(all);
  }

  /**
   * Number of trained numbers.
   *
   * @return sum of the sizes of all trainable parameters
   */
  public final long parameterCount() {
    return parameters().values().stream()
        .filter(Parameter::trainable)
        .mapToLong(p -> p.value().size())
        .sum();
  }

  private void collect(Map<String, Parameter> all) {
    own.forEach(p -> all.put(p.name(), p));
    children.forEach(c -> c.collect(all));
  }
}
