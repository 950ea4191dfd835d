package dev.bulwark.kernels.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernel programs: each a source file of the dialect, perhaps with a constant set. */
public enum Program {
  /** Fill, copy, conversion. */
  COPIES("copies", ""),
  /** Functions of one and two arguments, choice. */
  ELEMENTWISE("elementwise", ""),
  /** Sum, maximum, minimum over axes; totals of all elements. */
  REDUCTIONS("reductions", ""),
  /** Largest element, running sum, sort. */
  ORDERS("orders", ""),
  /** Gather and scatter. */
  INDEXING("indexing", ""),
  /** Softmax, its logarithm, cross-entropy. */
  SOFTMAX("softmax", ""),
  /** Layer normalisation. */
  LAYER_NORM("layer_norm", ""),
  /** Dropout and draws. */
  RANDOM("random", ""),
  /** The optimiser step. */
  TRAINING("training", ""),
  /** Matrix products, for devices without a vendor's library. */
  PRODUCTS("products", ""),
  /** Softmax between the products of attention. */
  ATTENTION_ROWS("attention_rows", ""),
  /** Attention by tiles, heads of up to 32 columns. */
  ATTENTION_32("attention", "HEAD_SIZE 32"),
  /** Attention by tiles, heads of up to 64 columns. */
  ATTENTION_64("attention", "HEAD_SIZE 64"),
  /** Attention by tiles, heads of up to 128 columns. */
  ATTENTION_128("attention", "HEAD_SIZE 128"),
  /** Forward of attention on tensor cores, heads of up to 32 columns. */
  ATTENTION_MMA_32("attention_mma", "HEAD_SIZE 32", false),
  /** Forward of attention on tensor cores, heads of up to 64 columns. */
  ATTENTION_MMA_64("attention_mma", "HEAD_SIZE 64", false),
  /** Forward of attention on tensor cores, heads of up to 128 columns. */
  ATTENTION_MMA_128("attention_mma", "HEAD_SIZE 128", false);

  private final String file;
  private final String define;
  private final boolean portable;
  private final String source;
  private final Map<String, Kernel> kernels = new HashMap<>();

  Program(String file, String define) {
    this(file, define, true);
  }

  Program(String file, String define, boolean portable) {
    this.file = file;
    this.define = define;
    this.portable = portable;
    String body = KernelSource.body(file + ".bk");
    this.source =
        (define.isEmpty() ? "" : "#define " + define + "\n")
            + Codes.definitions()
            + KernelSource.read("dialect.h")
            + body;
    for (Kernel k : KernelSource.kernels(this, body)) {
      kernels.put(k.name(), k);
    }
  }

  /**
   * Its whole text, the dialect's header included.
   *
   * @return source that each compiler takes as it is
   */
  public String source() {
    return source;
  }

  /**
   * Name of its compiled forms.
   *
   * @return lower-case name, such as "attention_64"
   */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Name of its source file, without folder and ending.
   *
   * @return the name
   */
  public String file() {
    return file;
  }

  /**
   * The constant set for this variant.
   *
   * @return name and value as after {@code #define}, or empty
   */
  public String define() {
    return define;
  }

  /**
   * Whether every device can build it.
   *
   * @return false for programs of CUDA only, for compute capability 8.0 and above
   */
  public boolean isPortable() {
    return portable;
  }

  /**
   * A kernel by name.
   *
   * @param name as in the source
   * @return the kernel
   * @throws IllegalArgumentException if the program has none of that name
   */
  public Kernel kernel(String name) {
    Kernel k = kernels.get(name);
    if (k == null) {
      throw new IllegalArgumentException("program " + id() + " has no kernel " + name);
    }
    return k;
  }

  /**
   * All kernels.
   *
   * @return kernels, in no particular order
   */
  public List<Kernel> kernels() {
    return List.copyOf(kernels.values());
  }
}
