package dev.bulwark.tensor.reference;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.backend.Backend;
import dev.bulwark.tensor.backend.BackendProvider;
import dev.bulwark.tensor.backend.Buffer;
import dev.bulwark.tensor.backend.HeapPool;
import dev.bulwark.tensor.backend.Kernels;

/** The back end of plain loops. */
public final class ReferenceBackend implements Backend {
  /** The only instance. */
  public static final ReferenceBackend INSTANCE = new ReferenceBackend();

  private final Kernels kernels = new ReferenceKernels();

  private ReferenceBackend() {}

  /**
   * Its provider, of rank 0 and always usable.
   *
   * @return the provider
   */
  public static BackendProvider provider() {
    return new BackendProvider() {
      @Override
      public String name() {
        return "reference";
      }

      @Override
      public int rank() {
        return 0;
      }

      @Override
      public Availability probe() {
        return new Availability(true, "plain Java, works everywhere, slow");
      }

      @Override
      public Backend open() {
        return INSTANCE;
      }
    };
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Buffer allocate(DType dtype, int size) {
    return HeapPool.allocate(this, dtype, size);
  }

  @Override
  public boolean isHost() {
    return true;
  }

  @Override
  public void synchronize() {}
}
