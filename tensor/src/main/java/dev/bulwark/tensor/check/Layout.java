package dev.bulwark.tensor.check;

import dev.bulwark.tensor.Shape;
import dev.bulwark.tensor.Tensor;
import java.util.Arrays;

/** Ways in which an operand lies in memory. */
enum Layout {
  /** Row-major, without gaps. */
  CONTIGUOUS,
  /** A window inside a larger tensor. */
  SLICED,
  /** The last two axes in the other order; a single axis with gaps. */
  TRANSPOSED,
  /** One of three tensors that lie interleaved along the second axis, as packed q, k and v do. */
  PACKED,
  /** Stride 0 on the first axis. */
  FIRST_BROADCAST,
  /** Stride 0 on the last axis. */
  LAST_BROADCAST;

  /** Layouts that a result may have. */
  static final Layout[] WRITABLE = {CONTIGUOUS, SLICED, TRANSPOSED};

  boolean isBroadcast() {
    return this == FIRST_BROADCAST || this == LAST_BROADCAST;
  }

  /** A layout for a result beside an operand of this one, so that pairs vary. */
  Layout result() {
    return switch (this) {
      case CONTIGUOUS, PACKED -> CONTIGUOUS;
      case SLICED, LAST_BROADCAST -> TRANSPOSED;
      case TRANSPOSED, FIRST_BROADCAST -> SLICED;
    };
  }

  /** Shape of the memory behind a view of this shape. */
  Shape base(Shape view) {
    int rank = view.rank();
    int[] d = view.dims();
    return switch (this) {
      case CONTIGUOUS -> view;
      case SLICED -> {
        if (rank == 0) {
          yield Shape.of(3);
        }
        d[0] += 1;
        d[rank - 1] += 3;
        yield Shape.of(d);
      }
      case TRANSPOSED -> {
        if (rank < 2) {
          yield Shape.of(view.size(), 2);
        }
        d[rank - 2] = view.dim(-1);
        d[rank - 1] = view.dim(-2);
        yield Shape.of(d);
      }
      case PACKED -> {
        int[] packed = Arrays.copyOf(d, rank + 1);
        System.arraycopy(d, 1, packed, 2, rank - 1);
        packed[1] = 3;
        yield Shape.of(packed);
      }
      case FIRST_BROADCAST -> rank == 0 ? view : view.with(0, 1);
      case LAST_BROADCAST -> rank == 0 ? view : view.with(-1, 1);
    };
  }

  /** The view of that memory. */
  Tensor view(Tensor base, Shape view) {
    int rank = view.rank();
    return switch (this) {
      case CONTIGUOUS -> base;
      case SLICED -> {
        if (rank == 0) {
          yield base.select(0, 1);
        }
        Tensor inner = base.slice(-1, 2, 2 + view.dim(-1));
        yield rank == 1 ? inner : inner.slice(0, 1, 1 + view.dim(0));
      }
      case TRANSPOSED -> {
        if (rank < 2) {
          Tensor spaced = base.select(1, 1);
          yield rank == 0 ? spaced.select(0, 0) : spaced;
        }
        yield base.transpose(-1, -2);
      }
      case PACKED -> base.select(1, 1);
      case FIRST_BROADCAST, LAST_BROADCAST -> base.expand(view);
    };
  }
}
