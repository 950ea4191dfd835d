package dev.bulwark.kernels.opencl;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * The way between host and device, through a piece of pinned memory.
 *
 * <p>What is written arrives by a queue of its own in one of two landing places on the device, and
 * is copied from there in the order of the main queue: so a write waits for its own bytes, not for
 * the work that is queued. Copies that do not block are not used, as JOCL starts a thread for each.
 */
final class Staging {
  private static final int PIECE = 4 << 20;

  private final cl_command_queue queue;
  private final cl_command_queue arrivals;
  private final ByteBuffer piece;
  private final Pointer pointer;
  private final cl_mem[] landings = new cl_mem[2];
  private final @Nullable cl_event[] departures = new cl_event[2];
  private int next;

  Staging(cl_context context, cl_device_id device, cl_command_queue queue) {
    this.queue = queue;
    arrivals = queue(context, device);
    piece = pinned(context, arrivals);
    pointer = Pointer.to(piece);
    for (int i = 0; i < landings.length; i++) {
      landings[i] = clCreateBuffer(context, CL_MEM_READ_WRITE, PIECE, null, null);
    }
  }

  @SuppressWarnings("deprecation") // the one call that every version from 1.0 on has
  static cl_command_queue queue(cl_context context, cl_device_id device) {
    return clCreateCommandQueue(context, device, 0, null);
  }

  /** Memory that the driver itself gave, mapped for good; ordinary memory if it has none. */
  private static ByteBuffer pinned(cl_context context, cl_command_queue queue) {
    long flags = CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR;
    long access = CL_MAP_READ | CL_MAP_WRITE;
    try {
      cl_mem memory = clCreateBuffer(context, flags, PIECE, null, null);
      return clEnqueueMapBuffer(queue, memory, true, access, 0, PIECE, 0, null, null, null);
    } catch (CLException e) {
      return ByteBuffer.allocateDirect(PIECE);
    }
  }

  /** Queues a copy to the device; the source is free when this returns. */
  void write(MemorySegment from, cl_mem to, long at) {
    for (long done = 0; done < from.byteSize(); done += PIECE) {
      long n = Math.min(PIECE, from.byteSize() - done);
      MemorySegment.ofBuffer(piece).copyFrom(from.asSlice(done, n));
      int i = next;
      next = 1 - next;
      clear(i);
      clEnqueueWriteBuffer(arrivals, landings[i], true, 0, n, pointer, 0, null, null);
      cl_event departure = new cl_event();
      clEnqueueCopyBuffer(queue, landings[i], to, 0, at + done, n, 0, null, departure);
      departures[i] = departure;
    }
  }

  /** Waits until the main queue has fetched what lies in a landing place. */
  private void clear(int i) {
    cl_event departure = departures[i];
    if (departure != null) {
      departures[i] = null;
      clFlush(queue);
      clWaitForEvents(1, new cl_event[] {departure});
      clReleaseEvent(departure);
    }
  }

  /** Copies to the host after all that is queued, and waits for it. */
  void read(cl_mem from, long at, MemorySegment to) {
    for (long done = 0; done < to.byteSize(); done += PIECE) {
      long n = Math.min(PIECE, to.byteSize() - done);
      clEnqueueReadBuffer(queue, from, true, at + done, n, pointer, 0, null, null);
      to.asSlice(done, n).copyFrom(MemorySegment.ofBuffer(piece).asSlice(0, n));
    }
  }
}
