package dev.bulwark.kernels.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a launch in native memory, as the driver takes them: a table of addresses, each of a
 * slot that holds one argument. The memory serves every launch, since the driver reads it at once.
 */
final class LaunchArguments {
  private static final int MOST = 128; // the optimiser step on many parameters takes 89
  private static final long SLOT = 32; // the largest argument, a view, takes 20

  private final MemorySegment slots = Arena.ofAuto().allocate(MOST * SLOT, SLOT);
  private final MemorySegment table = Arena.ofAuto().allocate(ValueLayout.ADDRESS, MOST);

  LaunchArguments() {
    for (int i = 0; i < MOST; i++) {
      table.setAtIndex(ValueLayout.ADDRESS, i, slots.asSlice(i * SLOT));
    }
  }

  /**
   * Fills the slots.
   *
   * @return the table
   */
  MemorySegment pack(@Nullable Object[] arguments) {
    if (arguments.length > MOST) {
      throw new IllegalArgumentException(
          "a launch takes at most " + MOST + " arguments, not " + arguments.length);
    }
    for (int i = 0; i < arguments.length; i++) {
      put(i * SLOT, arguments[i]);
    }
    return table;
  }

  private void put(long at, @Nullable Object argument) {
    switch (argument) {
      case CudaMemory m -> slots.set(ValueLayout.JAVA_LONG, at, m.address());
      case Integer v -> slots.set(ValueLayout.JAVA_INT, at, v);
      case Long v -> slots.set(ValueLayout.JAVA_LONG, at, v);
      case Float v -> slots.set(ValueLayout.JAVA_FLOAT, at, v);
      case Double v -> slots.set(ValueLayout.JAVA_DOUBLE, at, v);
      case int[] v -> MemorySegment.copy(v, 0, slots, ValueLayout.JAVA_INT, at, v.length);
      case null -> slots.set(ValueLayout.JAVA_LONG, at, 0L);
      default -> throw new IllegalArgumentException("no kernel takes " + argument);
    }
  }
}
