package dev.bulwark.tensor.io;

import dev.bulwark.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Element types of the safetensors format, in the order in which writers lay tensors out. Types
 * that no tensor has are widened when read, or only listed.
 */
enum StoredType {
  BOOL(8, DType.U8),
  F4(4, null),
  F6_E2M3(6, null),
  F6_E3M2(6, null),
  U8(8, DType.U8),
  I8(8, DType.I32),
  F8_E5M2(8, null),
  F8_E4M3(8, null),
  F8_E8M0(8, null),
  F8_E4M3FNUZ(8, null),
  F8_E5M2FNUZ(8, null),
  I16(16, DType.I32),
  U16(16, DType.I32),
  F16(16, DType.F16),
  BF16(16, DType.BF16),
  I32(32, DType.I32),
  U32(32, DType.I64),
  F32(32, DType.F32),
  C64(64, null),
  F64(64, DType.F64),
  I64(64, DType.I64),
  U64(64, DType.I64);

  private final int bits;
  private final @Nullable DType read;

  StoredType(int bits, @Nullable DType read) {
    this.bits = bits;
    this.read = read;
  }

  /** Width of an element in bits. */
  int bits() {
    return bits;
  }

  /** The type of a tensor read from it, or null if there is none. */
  @Nullable DType read() {
    return read;
  }

  /** The type a tensor is written as. */
  static StoredType of(DType dtype) {
    return switch (dtype) {
      case F64 -> F64;
      case F32 -> F32;
      case BF16 -> BF16;
      case F16 -> F16;
      case I64 -> I64;
      case I32 -> I32;
      case U8 -> U8;
    };
  }
}
