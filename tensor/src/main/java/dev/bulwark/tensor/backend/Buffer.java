package dev.bulwark.tensor.backend;

import dev.bulwark.tensor.DType;
import dev.bulwark.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a tensor on one back end. Opaque but for its size and life: allocated, owned by a
 * {@link Scope} or by nobody, released once.
 */
public abstract class Buffer {
  private final DType dtype;
  private final int size;
  private @Nullable Scope owner;
  private @Nullable String released;

  /**
   * Registers the buffer with the scope of the calling thread, if there is one.
   *
   * @param dtype element type
   * @param size number of elements
   */
  @SuppressWarnings("this-escape") // the scope only stores the reference
  protected Buffer(DType dtype, int size) {
    this.dtype = dtype;
    this.size = size;
    this.owner = Scope.current();
    if (owner != null) {
      owner.own(this);
    }
  }

  /**
   * Element type.
   *
   * @return the type
   */
  public final DType dtype() {
    return dtype;
  }

  /**
   * Number of elements.
   *
   * @return the size, not bytes
   */
  public final int size() {
    return size;
  }

  /**
   * The back end that made this buffer and runs kernels on it.
   *
   * @return the back end
   */
  public abstract Backend backend();

  /**
   * The scope that will release this buffer.
   *
   * @return the owner, or null if the garbage collector is
   */
  public final @Nullable Scope owner() {
    return owner;
  }

  /**
   * Hands the buffer to another scope.
   *
   * @param scope the new owner, or null for the garbage collector
   */
  public final void moveTo(@Nullable Scope scope) {
    checkLive();
    owner = scope;
    if (scope != null) {
      scope.own(this);
    }
  }

  /**
   * Gives the memory back; later use is an error that quotes the reason.
   *
   * @param reason why, such as "scope 'step' closed"
   */
  public final void release(String reason) {
    if (released == null) {
      released = reason;
      owner = null;
      free();
    }
  }

  /**
   * Whether the memory was given back.
   *
   * @return true after {@link #release}
   */
  public final boolean isReleased() {
    return released != null;
  }

  /** Fails if the memory was given back. */
  public final void checkLive() {
    if (released != null) {
      throw new IllegalStateException(
          "a "
              + dtype
              + " buffer of "
              + size
              + " elements is used after its release ("
              + released
              + "); return the tensor with Scope.keep or call retain() before");
    }
  }

  /** Returns the memory to where it came from. Called once. */
  protected abstract void free();
}
