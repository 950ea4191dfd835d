#include "switch.h"

#include <cstdint>

#if !defined(BKDOUBLE_UCONTEXT)
/* Saves what the ABI says a callee keeps, then the stack pointer. A jump, since the processor would
 * expect a return to go where the last call came from. */
asm(R"(
.text
.globl bkdouble_switch
.hidden bkdouble_switch
.type bkdouble_switch,@function
bkdouble_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  popq %rcx
  jmp *%rcx
.size bkdouble_switch, .-bkdouble_switch
)");
extern "C" __attribute__((visibility("hidden"))) void bkdouble_switch(void** save, void* to);

namespace bkdouble {

void prepare(Stack& stack, char* memory, size_t bytes, void (*begin)()) {
  void** top = (void**)(((uintptr_t)memory + bytes) & ~(uintptr_t)15);
  *--top = nullptr; /* rsp % 16 is 8 at the beginning, as after a call */
  *--top = (void*)begin;
  for (int r = 0; r < 6; r++) *--top = nullptr;
  stack.top = top;
}

void switchStack(Stack& from, Stack& to) { bkdouble_switch(&from.top, to.top); }

}  // namespace bkdouble

#else

namespace bkdouble {

void prepare(Stack& stack, char* memory, size_t bytes, void (*begin)()) {
  getcontext(&stack.context);
  stack.context.uc_stack.ss_sp = memory;
  stack.context.uc_stack.ss_size = bytes;
  stack.context.uc_link = nullptr;
  makecontext(&stack.context, begin, 0);
}

void switchStack(Stack& from, Stack& to) { swapcontext(&from.context, &to.context); }

}  // namespace bkdouble
#endif
