package dev.bulwark.tensor;

/** Element types. Arithmetic runs in F32 (every back end) and F64 (reference back end). */
public enum DType {
  /** 64-bit IEEE float; computed by the reference back end, for gradient checks and golden data. */
  F64(8, true),
  /** 32-bit IEEE float, the type models train in. */
  F32(4, true),
  /** bfloat16, a storage format. */
  BF16(2, true),
  /** IEEE half, a storage format. */
  F16(2, true),
  /** 64-bit signed integer, read from files. */
  I64(8, false),
  /** 32-bit signed integer: ids, labels, indices. */
  I32(4, false),
  /** Unsigned byte; also booleans as 0 and 1. */
  U8(1, false);

  private final int bytes;
  private final boolean floating;

  DType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /**
   * Width of one element.
   *
   * @return bytes per element
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Whether this is a floating-point type.
   *
   * @return true for F64, F32, BF16 and F16
   */
  public boolean isFloating() {
    return floating;
  }

  /**
   * Whether kernels compute in this type.
   *
   * @return true for F64 and F32
   */
  public boolean isArithmetic() {
    return this == F64 || this == F32;
  }
}
