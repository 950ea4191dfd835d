/* Test double of CUDA: the kernels that a program's library offers. Included behind the program's text,
 * followed by a table: BKDOUBLE_TABLE(BKDOUBLE_ROW(bk_fill8) BKDOUBLE_ROW(...)). */
#ifndef BKDOUBLE_KERNEL_TABLE_H
#define BKDOUBLE_KERNEL_TABLE_H
#include <type_traits>
#include <utility>

#include "device_code.h"

namespace bkdouble {

struct Parameter {
  int bytes;
  bool pointer;
};

struct Kernel {
  const char* name;
  void (*call)(void** arguments);
  int count;
  const Parameter* parameters;
};

/* Ends with a kernel without name. */
struct Table {
  const char* sourceHash;
  const Kernel* kernels;
  char* shared;
  char* sharedEnd;
};

template <class F>
struct Signature;

template <class... A>
struct Signature<void(A...)> {
  static constexpr int count = sizeof...(A);
  static constexpr Parameter parameters[] = {{(int)sizeof(A), std::is_pointer<A>::value}...};

  template <void (*F)(A...)>
  static void call(void** arguments) {
    pass<F>(arguments, std::index_sequence_for<A...>{});
  }

 private:
  template <void (*F)(A...), size_t... I>
  static void pass(void** arguments, std::index_sequence<I...>) {
    F(*(std::remove_const_t<A>*)arguments[I]...);
  }
};

}  // namespace bkdouble

extern "C" char __start_bk_shared[] __attribute__((weak, visibility("hidden")));
extern "C" char __stop_bk_shared[] __attribute__((weak, visibility("hidden")));

#define BKDOUBLE_ROW(kernel)                                                                  \
  {#kernel, bkdouble::Signature<decltype(kernel)>::call<kernel>,                              \
   bkdouble::Signature<decltype(kernel)>::count,                                              \
   bkdouble::Signature<decltype(kernel)>::parameters},

#define BKDOUBLE_TABLE(rows)                                                                  \
  extern "C" BKDOUBLE_EXPORT const bkdouble::Table* bkdouble_table() {                        \
    static const bkdouble::Kernel kernels[] = {rows{nullptr, nullptr, 0, nullptr}};           \
    static const bkdouble::Table table = {BK_SOURCE_HASH, kernels, __start_bk_shared,         \
                                          __stop_bk_shared};                                  \
    return &table;                                                                            \
  }
#endif
