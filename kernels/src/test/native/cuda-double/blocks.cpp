#include "blocks.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

#include "guard.h"
#include "switch.h"

namespace bkdouble {

Place threadIdx, blockIdx, blockDim, gridDim;

namespace {

constexpr size_t STACK_BYTES = 256 << 10; /* touched pages only */
constexpr size_t STAGGER = 576, STAGGERED = 64; /* else all stacks share a few lines of the cache */
constexpr unsigned MOST_THREADS = 1024;
constexpr unsigned WARP = 32;

enum class State { READY, AT_WARP, AT_BLOCK, DONE };

struct Fiber {
  Stack stack;
  char* memory;
  State state;
  int line;
  unsigned exchanges;
};

std::vector<Fiber> fibers;
Fiber* running;
Stack scheduler;
const Kernel* kernel;
void** arguments;
uint64_t offers[2][MOST_THREADS]; /* of exchanges with even and odd number */

void wait(State state, int line) {
  running->state = state;
  running->line = line;
  switchStack(running->stack, scheduler);
}

void begin() {
  kernel->call(arguments);
  running->state = State::DONE;
  switchStack(running->stack, scheduler);
  abort();
}

void makeFibers() {
  while (fibers.size() < MOST_THREADS) {
    void* memory = mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) abort();
    mprotect(memory, 4096, PROT_NONE); /* an overflow stops here */
    fibers.push_back({{}, (char*)memory, State::DONE, 0, 0});
  }
}

std::string describe(const char* what, int line, unsigned reached) {
  char text[300];
  snprintf(text, sizeof text, "%s, block (%u, %u, %u): %s at line %d is reached by %u of %u threads",
           kernel->name, blockIdx.x, blockIdx.y, blockIdx.z, what, line, reached, blockDim.x);
  return text;
}

/* Runs the threads of a warp until each is done or waits for the block. A warp goes as far as it can
 * before the next one runs: what warps may not expect of one another shows best so. */
void runWarp(const unsigned* lanes, unsigned count) {
  for (bool more = true; more;) {
    for (unsigned i = 0; i < count; i++) {
      if (fibers[lanes[i]].state != State::READY) continue;
      running = &fibers[lanes[i]];
      threadIdx = {lanes[i], 0, 0};
      switchStack(scheduler, running->stack);
    }
    more = true;
    for (unsigned i = 0; i < count; i++) {
      const Fiber& fiber = fibers[lanes[i]];
      more &= fiber.state == State::AT_WARP && fiber.line == fibers[lanes[0]].line;
    }
    for (unsigned i = 0; more && i < count; i++) fibers[lanes[i]].state = State::READY;
  }
}

/* Lets a whole block that waits for itself go on; empty if that was right. */
std::string releaseBlock() {
  const Fiber* first = nullptr; /* that waits */
  unsigned together = 0;
  for (unsigned i = 0; i < blockDim.x; i++) {
    if (fibers[i].state == State::DONE) continue;
    if (!first) first = &fibers[i];
    together += fibers[i].state == first->state && fibers[i].line == first->line;
  }
  if (first->state == State::AT_WARP) return describe("a shuffle", first->line, together);
  if (together < blockDim.x) return describe("the barrier", first->line, together);
  for (unsigned i = 0; i < blockDim.x; i++) fibers[i].state = State::READY;
  return "";
}

std::string runBlock(const Table& program, Schedule schedule, std::mt19937& random) {
  memset(program.shared, 0xFF, program.sharedEnd - program.shared);
  for (unsigned i = 0; i < blockDim.x; i++) {
    fibers[i].state = State::READY;
    fibers[i].exchanges = 0;
    prepare(fibers[i].stack, fibers[i].memory, STACK_BYTES - i % STAGGERED * STAGGER, begin);
  }
  std::vector<unsigned> lanes(blockDim.x), warps((blockDim.x + WARP - 1) / WARP);
  std::iota(lanes.begin(), lanes.end(), 0u);
  std::iota(warps.begin(), warps.end(), 0u);
  for (;;) {
    if (schedule == Schedule::SHUFFLE) std::shuffle(warps.begin(), warps.end(), random);
    if (schedule == Schedule::REVERSE) std::sort(warps.rbegin(), warps.rend());
    for (unsigned w : warps) {
      auto first = lanes.begin() + w * WARP;
      auto end = lanes.begin() + std::min((w + 1) * WARP, blockDim.x);
      if (schedule == Schedule::SHUFFLE) std::shuffle(first, end, random);
      if (schedule == Schedule::REVERSE) std::sort(first, end, std::greater<>());
      runWarp(&*first, (unsigned)(end - first));
    }
    auto isDone = [](const Fiber& f) { return f.state == State::DONE; };
    if (std::all_of(fibers.begin(), fibers.begin() + blockDim.x, isDone)) return "";
    std::string fault = releaseBlock();
    if (!fault.empty()) return fault;
  }
}

}  // namespace

void syncBlock(int line) { wait(State::AT_BLOCK, line); }

void syncWarp(int line) { wait(State::AT_WARP, line); }

uint64_t exchange(uint64_t offered, unsigned from, int line) {
  uint64_t* board = offers[running->exchanges++ & 1]; /* the other one may still be read */
  board[threadIdx.x] = offered;
  syncWarp(line);
  return board[from];
}

Fault run(const Table& program, const Kernel& what, Grid grid, void** values, Schedule schedule,
          unsigned seed) {
  makeFibers();
  kernel = &what;
  arguments = values;
  gridDim = {grid.x, grid.y, grid.z};
  blockDim = {grid.block, 1, 1};
  std::mt19937 random(seed);
  std::string fault;
  auto blocks = [&] {
    for (unsigned z = 0; z < grid.z && fault.empty(); z++) {
      for (unsigned y = 0; y < grid.y && fault.empty(); y++) {
        for (unsigned x = 0; x < grid.x && fault.empty(); x++) {
          blockIdx = {x, y, z};
          fault = runBlock(program, schedule, random);
        }
      }
    }
  };
  void* address;
  if (runGuarded(blocks, address)) return {fault, false};
  char text[200];
  snprintf(text, sizeof text, "%s, block (%u, %u, %u), thread %u: %p is no device memory",
           what.name, blockIdx.x, blockIdx.y, blockIdx.z, threadIdx.x, address);
  return {text, true};
}

}  // namespace bkdouble
