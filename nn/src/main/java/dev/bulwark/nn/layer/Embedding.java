package dev.bulwark.nn.layer;

import dev.bulwark.autograd.ModulePath;
import dev.bulwark.autograd.Variable;
import dev.bulwark.autograd.op.Indexing;
import dev.bulwark.nn.Init;
import dev.bulwark.nn.Module;
import dev.bulwark.nn.Parameter;
import dev.bulwark.nn.Source;
import dev.bulwark.tensor.Tensor;

/** A table of vectors. */
public final class Embedding extends Module {
  /** Says that every row gets a gradient. */
  public static final int NO_PADDING = -1;

  private final String path;
  private final Parameter weight;
  private final int paddingId;

  /**
   * Takes "weight" [rows, size] from a source.
   *
   * @param source where it comes from
   * @param rows number of ids
   * @param size length of a vector
   * @param paddingId the row that gets no gradient, or {@link #NO_PADDING}
   */
  public Embedding(Source source, int rows, int size, int paddingId) {
    path = source.path();
    weight = own(source.parameter("weight", Init.normal(0.02), rows, size));
    this.paddingId = paddingId;
  }

  /**
   * Looks ids up.
   *
   * @param ids I32, any shape, each in [0, rows)
   * @return the ids' shape with an axis of the vector size behind
   */
  public Variable forward(Tensor ids) {
    return ModulePath.within(path, () -> Indexing.embedding(weight.variable(), ids, paddingId));
  }

  /** The table, for a tied decoder. */
  public Parameter weight() {
    return weight;
  }
}
