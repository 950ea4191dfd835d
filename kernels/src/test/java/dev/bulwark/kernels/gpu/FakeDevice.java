package dev.bulwark.kernels.gpu;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device of so many bytes that keeps what is written to it; its kernels do nothing. */
final class FakeDevice implements Device {
  private final String name;
  private final long capacity;
  private final Set<Memory> live = new HashSet<>();
  private long used;
  private boolean breaksCopies;
  private boolean needsRoom;

  FakeDevice(String name, long capacity) {
    this.name = name;
    this.capacity = capacity;
  }

  private static final class Piece implements Memory {
    private final long bytes;
    private byte[] contents = {}; // as far as something was written

    Piece(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }
  }

  /** Bytes that the device has given. */
  long used() {
    return used;
  }

  /** From now on a copy to the device breaks off half-way. */
  void breakCopies() {
    breaksCopies = true;
  }

  /** From now on launches need a device that is not full. */
  void needRoom() {
    needsRoom = true;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeviceInfo info() {
    return new DeviceInfo(name, "none", false, capacity, 1024);
  }

  @Override
  public Memory allocate(long bytes) {
    if (used + bytes > capacity) {
      throw new DeviceOutOfMemoryException("full");
    }
    used += bytes;
    Memory memory = new Piece(bytes);
    live.add(memory);
    return memory;
  }

  @Override
  public void free(Memory memory) {
    if (!live.remove(memory)) {
      throw new IllegalStateException("freed twice, or not from here");
    }
    used -= memory.bytes();
  }

  @Override
  public void write(MemorySegment from, Memory to, long at) {
    Piece piece = (Piece) to;
    if (piece.contents.length == 0) {
      piece.contents = new byte[Math.toIntExact(piece.bytes)];
    }
    long n = breaksCopies ? from.byteSize() / 2 : from.byteSize();
    MemorySegment.copy(from, 0, MemorySegment.ofArray(piece.contents), at, n);
    if (breaksCopies) {
      throw new KernelFailureException("broke off");
    }
  }

  @Override
  public void read(Memory from, long at, MemorySegment to) {
    Piece piece = (Piece) from;
    MemorySegment.copy(MemorySegment.ofArray(piece.contents), at, to, 0, to.byteSize());
  }

  @Override
  public void launch(Kernel kernel, Grid grid, @Nullable Object[] arguments) {
    if (needsRoom && used == capacity) {
      throw new DeviceOutOfMemoryException("full");
    }
  }

  @Override
  public void synchronize() {}
}
