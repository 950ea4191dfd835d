package dev.bulwark.nn;

import dev.bulwark.nn.checkpoint.Weights;
import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Rng;
import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import dev.bulwark.tensor.backend.Backends;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a model under construction gets its parameters: by name from a checkpoint, or, where that
 * was declared with {@link #fresh}, from an initialiser.
 */
public final class Source {
  private static final String FAMILY = "bert.";

  private final @Nullable Weights weights;
  private final String prefix;
  private final DType dtype;
  private final Rng rng;
  private final boolean fresh;
  private final Set<String> used;

  private Source(
      @Nullable Weights weights,
      String prefix,
      DType dtype,
      Rng rng,
      boolean fresh,
      Set<String> used) {
    this.weights = weights;
    this.prefix = prefix;
    this.dtype = dtype;
    this.rng = rng;
    this.fresh = fresh;
    this.used = used;
  }

  /**
   * Parameters of a checkpoint.
   *
   * @param weights the checkpoint's tensors
   * @param dtype F32, or F64 for checks on the reference back end
   * @param rng stream for the parts declared fresh
   * @return the source
   */
  public static Source of(Weights weights, DType dtype, Rng rng) {
    return new Source(weights, "", dtype, rng, false, new TreeSet<>());
  }

  /**
   * New parameters only.
   *
   * @param dtype F32 or F64
   * @param rng stream of the initialisers
   * @return the source
   */
  public static Source random(DType dtype, Rng rng) {
    return new Source(null, "", dtype, rng, true, new TreeSet<>());
  }

  /**
   * The source of a part.
   *
   * @param name the part's name, such as "encoder" or "layer.3"
   * @return a source whose names begin with this one's, a dot, and that name
   */
  public Source under(String name) {
    return new Source(weights, prefix + name + ".", dtype, rng, fresh, used);
  }

  /**
   * The same names, all new: a head that the checkpoint does not have.
   *
   * @return a source that initialises
   */
  public Source fresh() {
    return new Source(weights, prefix, dtype, rng, true, used);
  }

  /**
   * Where in the model this is, for messages.
   *
   * @return such as "bert.encoder.layer.3.output.dense"; empty at the root
   */
  public String path() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /**
   * Whether the checkpoint has a tensor of this name here.
   *
   * @param name name below this source's prefix
   * @return true if {@link #parameter} would read it
   */
  public boolean has(String name) {
    return !fresh && weights != null && weights.has(stored(prefix + name));
  }

  /**
   * One parameter.
   *
   * @param name name below this source's prefix
   * @param init how to start it if it is fresh
   * @param dims its shape
   * @return the parameter, on the current back end
   * @throws dev.bulwark.nn.checkpoint.CheckpointException if the checkpoint lacks it or has another
   *     shape
   */
  public Parameter parameter(String name, Init init, int... dims) {
    String full = prefix + name;
    Shape shape = Shape.of(dims);
    if (fresh || weights == null) {
      return new Parameter(full, init.fill(shape, dtype, rng.split(full)));
    }
    String stored = stored(full);
    used.add(stored);
    Tensor t = weights.get(stored, shape).to(Backends.current());
    return new Parameter(full, t.dtype() == dtype ? t : t.cast(dtype));
  }

  /** Checkpoints of bare encoders leave the family's name out. */
  private String stored(String full) {
    boolean bare = weights != null && weights.names().stream().noneMatch(n -> n.startsWith(FAMILY));
    return bare && full.startsWith(FAMILY) ? full.substring(FAMILY.length()) : full;
  }

  /**
   * Tensors of the checkpoint that nobody asked for.
   *
   * @return their names in order
   */
  public Set<String> unused() {
    Set<String> rest = new TreeSet<>(weights == null ? Set.of() : weights.names());
    rest.removeAll(used);
    return rest;
  }
}
