package dev.bulwark.nn.checkpoint;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The weights of one module. */
record PrefixedWeights(Weights all, String prefix) implements Weights {
  @Override
  public Set<String> names() {
    Set<String> own = new TreeSet<>();
    for (String name : all.names()) {
      if (name.startsWith(prefix)) {
        own.add(name.substring(prefix.length()));
      }
    }
    return Collections.unmodifiableSet(own);
  }

  @Override
  public boolean has(String name) {
    return all.has(prefix + name);
  }

  @Override
  public Shape shape(String name) {
    return all.shape(prefix + name);
  }

  @Override
  public Tensor get(String name, Shape expected) {
    return all.get(prefix + name, expected);
  }
}
