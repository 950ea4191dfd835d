/* Test double of CUDA: runs a grid, one block after another, each thread of a block as a fiber that
 * yields at barriers. Finds barriers that not all threads reach, threads that wait at different
 * barriers, and addresses that are not device memory. A missing barrier shows as a result that
 * depends on the schedule, or as NaN. */
#ifndef BKDOUBLE_BLOCKS_H
#define BKDOUBLE_BLOCKS_H
#include <string>

#include "kernel_table.h"

namespace bkdouble {

/* In which order the threads of a block run between two barriers. */
enum class Schedule { FORWARD, REVERSE, SHUFFLE };

struct Grid {
  unsigned x, y, z, block;
};

/* What went wrong; empty if nothing. */
struct Fault {
  std::string text;
  bool address;
};

Fault run(const Table& program, const Kernel& kernel, Grid grid, void** arguments,
          Schedule schedule, unsigned seed);

}  // namespace bkdouble
#endif
