package dev.bulwark.tensor;

import dev.bulwark.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives memory back promptly: every buffer allocated inside a scope returns to its pool when the
 * scope ends.
 *
 * <p>A matter of promptness, never of correctness: without a scope the garbage collector does the
 * work. What must outlive the scope leaves through {@link #keep} or {@link Tensor#retain}; using
 * anything else afterwards is an {@link IllegalStateException} that names the scope.
 *
 * <p>Scopes nest and are bound to the thread ({@link ScopedValue}); they cannot leak.
 */
public final class Scope {
  private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();

  private final String name;
  private final @Nullable Scope outer;
  private final List<Buffer> owned = new ArrayList<>();

  private Scope(String name, @Nullable Scope outer) {
    this.name = name;
    this.outer = outer;
  }

  /**
   * Runs a body in a scope of its own.
   *
   * @param name what the scope is for ("step", "example"); appears in error messages
   * @param body what to run
   */
  public static void run(String name, Runnable body) {
    Scope scope = new Scope(name, current());
    try {
      ScopedValue.where(CURRENT, scope).run(body);
    } finally {
      scope.close();
    }
  }

  /**
   * Runs a body in a scope and hands back a result that holds no tensors of the scope.
   *
   * @param name what the scope is for
   * @param body what to run
   * @param <T> type of the result, such as a number or an array
   * @return the body's result
   */
  public static <T> T call(String name, Supplier<T> body) {
    Scope scope = new Scope(name, current());
    try {
      return ScopedValue.where(CURRENT, scope).call(body::get);
    } finally {
      scope.close();
    }
  }

  /**
   * Runs a body in a scope and moves its result to the scope outside.
   *
   * @param name what the scope is for
   * @param body makes the tensor to keep
   * @return the body's tensor, alive in the outer scope
   */
  public static Tensor keep(String name, Supplier<Tensor> body) {
    Scope outer = current();
    return call(
        name,
        () -> {
          Tensor t = body.get();
          if (t.buffer().owner() == current()) { // a parameter or retained tensor stays nobody's
            t.buffer().moveTo(outer);
          }
          return t;
        });
  }

  /**
   * The innermost scope of this thread.
   *
   * @return the scope, or null outside of any
   */
  public static @Nullable Scope current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /**
   * Makes a buffer this scope's own. Called by {@link Buffer}.
   *
   * @param buffer the buffer
   */
  public void own(Buffer buffer) {
    owned.add(buffer);
  }

  /**
   * The scope's name.
   *
   * @return the name given when it was opened, after the names of the scopes around it
   */
  public String name() {
    return outer == null ? name : outer.name() + "/" + name;
  }

  private void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      Buffer b = owned.get(i);
      if (b.owner() == this) {
        b.release("scope '" + name() + "' closed");
      }
    }
    owned.clear();
  }
}
