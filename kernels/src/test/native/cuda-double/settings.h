/* Test double of CUDA: what a test sets and reads, by name. Each setting's first value comes from the
 * environment: BKDOUBLE_FAIL_LAUNCH for "fail.launch".
 *
 * Settings
 *   devices, memory, capability, driver, isa   what cuda has to offer: number of devices, bytes of each,
 *                          75 for sm_75, 12060 for CUDA 12.6, 85 for PTX 8.5
 *   schedule, seed         order of threads: 0 forward, 1 reverse, 2 shuffled
 *   build                  0: portable branch of the dialect; 1: its CUDA branch, with shuffles
 *   eager                  1: work runs when it is queued, not when something waits for it
 *   fail.KIND              the n-th call of that kind from now fails, once; KIND as below, or "any"
 *   fail.code, fail.sticky its error number (0: the usual one); 1: the device is lost from then on
 *   quiet                  1: wrong uses are not written to standard error
 * Read only
 *   count.KIND             calls so far; count.injected: those that failed because they were to
 *   live.allocations, live.bytes, live.pinned, live.streams, live.events, live.modules, live.contexts,
 *   live.blas, queued      what exists now
 *   misuse                 wrong uses that were found; bkdouble_message tells the last one */
#ifndef BKDOUBLE_SETTINGS_H
#define BKDOUBLE_SETTINGS_H
#include <map>
#include <string>

namespace bkdouble {

enum class Kind { ALLOCATE, FREE, COPY, LAUNCH, SYNCHRONISE, MODULE, CREATE, BLAS, EXECUTE };

long setting(const std::string& key);
void set(const std::string& key, long value);

/* All settings as they were when the library was loaded; counts are zero. */
void resetSettings();

/* Counts a call. Whether this one has to fail. */
bool isInjected(Kind kind);

/* Name of a kind, such as "launch". */
const char* nameOf(Kind kind);

}  // namespace bkdouble
#endif
