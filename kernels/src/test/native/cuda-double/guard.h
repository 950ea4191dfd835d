/* Test double of CUDA: an address outside device memory ends the kernel, not the process. */
#ifndef BKDOUBLE_GUARD_H
#define BKDOUBLE_GUARD_H
#include <functional>

namespace bkdouble {

/* Runs a body; false if it touched an address that is not mapped, which is then given. */
bool runGuarded(const std::function<void()>& body, void*& address);

}  // namespace bkdouble
#endif
