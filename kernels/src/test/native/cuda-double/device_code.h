/* Test double of CUDA: what device code compiled as host C++ sees of its place in the grid. All of it
 * runs on one host thread at a time, under the driver's lock, so plain variables do. */
#ifndef BKDOUBLE_DEVICE_CODE_H
#define BKDOUBLE_DEVICE_CODE_H
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BKDOUBLE_EXPORT __attribute__((visibility("default")))

namespace bkdouble {

struct Place {
  unsigned x, y, z;
};
extern BKDOUBLE_EXPORT Place threadIdx, blockIdx, blockDim, gridDim;

/* Waits for all threads of the block. */
BKDOUBLE_EXPORT void syncBlock(int line);

/* Waits for all threads of the warp. */
BKDOUBLE_EXPORT void syncWarp(int line);

/* Offers a value to the warp, waits for it, takes that of another thread of the block. */
BKDOUBLE_EXPORT uint64_t exchange(uint64_t offered, unsigned from, int line);

template <class T, class F>
inline T bitCast(F from) {
  static_assert(sizeof(T) == sizeof(F), "one width");
  T to;
  memcpy(&to, &from, sizeof to);
  return to;
}

template <class T>
inline T shuffle(T offered, unsigned lane, int line) {
  uint64_t bits = 0;
  memcpy(&bits, &offered, sizeof offered);
  bits = exchange(bits, (threadIdx.x & ~31u) + (lane & 31u), line);
  memcpy(&offered, &bits, sizeof offered);
  return offered;
}

}  // namespace bkdouble

/* Work-group memory of a program lies in a section of its own, filled with NaN before each block. */
#define BKDOUBLE_SHARED static __attribute__((section("bk_shared")))
#endif
