package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Two pieces of pinned host memory through which all copies pass: one is filled or emptied while
 * the other travels. Java arrays cannot travel themselves, as the garbage collector moves them.
 */
final class Staging {
  private static final int PIECE = 4 << 20;

  private final cl_command_queue queue;
  private final ByteBuffer[] pieces;
  private final @Nullable cl_event[] travels = new cl_event[2];
  private int next;

  Staging(cl_context context, cl_command_queue queue) {
    this.queue = queue;
    ByteBuffer both = pinned(context, queue);
    pieces = new ByteBuffer[] {both.slice(0, PIECE), both.slice(PIECE, PIECE)};
  }

  /** Memory that the driver itself gave, mapped for good; ordinary memory if it has none. */
  private static ByteBuffer pinned(cl_context context, cl_command_queue queue) {
    long flags = CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR;
    try {
      cl_mem memory = clCreateBuffer(context, flags, 2L * PIECE, null, null);
      long access = CL_MAP_READ | CL_MAP_WRITE;
      return clEnqueueMapBuffer(queue, memory, true, access, 0, 2L * PIECE, 0, null, null, null);
    } catch (CLException e) {
      return ByteBuffer.allocateDirect(2 * PIECE);
    }
  }

  /** Queues a copy to the device; the source is free when this returns. */
  void write(MemorySegment from, cl_mem to, long at) {
    for (long done = 0; done < from.byteSize(); done += PIECE) {
      long n = Math.min(PIECE, from.byteSize() - done);
      int piece = next;
      next = 1 - next;
      arrive(piece);
      MemorySegment.ofBuffer(pieces[piece]).copyFrom(from.asSlice(done, n));
      cl_event travel = new cl_event();
      Pointer source = Pointer.to(pieces[piece]);
      clEnqueueWriteBuffer(queue, to, false, at + done, n, source, 0, null, travel);
      travels[piece] = travel;
      clFlush(queue);
    }
  }

  /** Copies to the host after all that is queued, and waits for it. */
  void read(cl_mem from, long at, MemorySegment to) {
    long size = to.byteSize();
    for (long asked = 0, done = 0; done < size; asked += PIECE) {
      if (asked < size) {
        ask(from, at + asked, Math.min(PIECE, size - asked), piece(asked));
      }
      if (asked > 0 || size <= PIECE) {
        long n = Math.min(PIECE, size - done);
        arrive(piece(done));
        to.asSlice(done, n).copyFrom(MemorySegment.ofBuffer(pieces[piece(done)]).asSlice(0, n));
        done += n;
      }
    }
  }

  private static int piece(long at) {
    return (int) (at / PIECE % 2);
  }

  private void ask(cl_mem from, long at, long n, int piece) {
    arrive(piece);
    cl_event travel = new cl_event();
    Pointer target = Pointer.to(pieces[piece]);
    clEnqueueReadBuffer(queue, from, false, at, n, target, 0, null, travel);
    travels[piece] = travel;
    clFlush(queue);
  }

  /** Waits for a piece to come to rest. */
  private void arrive(int piece) {
    cl_event travel = travels[piece];
    if (travel != null) {
      travels[piece] = null;
      clWaitForEvents(1, new cl_event[] {travel});
      clReleaseEvent(travel);
    }
  }
}
