/* Test double of CUDA: switching between stacks, so that each thread of a block is a fiber. By hand
 * on x86-64 (a few nanoseconds), by ucontext elsewhere. */
#ifndef BKDOUBLE_SWITCH_H
#define BKDOUBLE_SWITCH_H
#include <cstddef>
#if !defined(__x86_64__) && !defined(BKDOUBLE_UCONTEXT)
#define BKDOUBLE_UCONTEXT
#endif
#if defined(BKDOUBLE_UCONTEXT)
#include <ucontext.h>
#endif

namespace bkdouble {

#if !defined(BKDOUBLE_UCONTEXT)
struct Stack {
  void* top = nullptr;
};
#else
struct Stack {
  ucontext_t context;
};
#endif

/* Makes the next switch to a stack begin with a function, which must not return. */
void prepare(Stack& stack, char* memory, size_t bytes, void (*begin)());

/* Leaves one stack and goes on where another was left. */
void switchStack(Stack& from, Stack& to);

}  // namespace bkdouble
#endif
