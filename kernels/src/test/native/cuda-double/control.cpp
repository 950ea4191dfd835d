/* Test double of CUDA: what a test calls besides CUDA's own functions. */
#include <cstring>

#include "driver.h"

using namespace bkdouble;

BK_API void bkdouble_set(const char* key, long value) {
  BK_LOCK;
  set(key, value);
}

/* A setting, a count, or how many of something live; -1 for an unknown name. */
BK_API long bkdouble_get(const char* key) {
  BK_LOCK;
  const Driver& d = driver();
  std::string name = key;
  if (name == "live.allocations") return liveAllocations();
  if (name == "live.bytes") return (long)liveBytes();
  if (name == "live.pinned") return livePinned();
  if (name == "live.streams") return (long)d.streams.size();
  if (name == "live.events") return (long)d.events.size();
  if (name == "live.modules") return (long)d.modules.size();
  if (name == "live.contexts") return (long)d.contexts.size();
  if (name == "live.blas") return (long)d.blas.size();
  if (name == "queued") return queued();
  if (name == "lost") return d.lost;
  return setting(name);
}

/* The device is lost: every call gives this code from now on. */
BK_API void bkdouble_lose(int code) {
  BK_LOCK;
  driver().lost = code;
}

/* What the last wrong use was. */
BK_API int bkdouble_message(char* text, int bytes) {
  BK_LOCK;
  strncpy(text, lastMessage().c_str(), bytes - 1);
  text[bytes - 1] = 0;
  return (int)lastMessage().size();
}

/* As after a reset of the device: no handle and no memory is left, old ones are unknown. */
BK_API void bkdouble_reset() {
  BK_LOCK;
  Driver fresh;
  fresh.initialised = driver().initialised;
  fresh.lastHandle = driver().lastHandle;
  forgetMemory();
  driver() = fresh;
  resetSettings();
}
