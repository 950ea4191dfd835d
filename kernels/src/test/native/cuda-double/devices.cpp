/* Test double of the CUDA driver: state, errors, devices and contexts. */
#include <cstdio>
#include <cstring>

#include "driver.h"

namespace bkdouble {

std::recursive_mutex& lock() {
  static std::recursive_mutex mutex;
  return mutex;
}

Driver& driver() {
  static Driver one;
  return one;
}

uintptr_t newHandle() { return driver().lastHandle += 16; }

CUcontext& current() {
  static thread_local CUcontext context;
  return context;
}

static std::string message;

int misuse(int code, const std::string& what) {
  message = what;
  set("misuse", setting("misuse") + 1);
  if (!setting("quiet")) fprintf(stderr, "CUDA test double: error %d: %s\n", code, what.c_str());
  return code;
}

const std::string& lastMessage() { return message; }

static int usualCode(Kind kind) {
  switch (kind) {
    case Kind::ALLOCATE: return OUT_OF_MEMORY;
    case Kind::LAUNCH: return LAUNCH_OUT_OF_RESOURCES;
    case Kind::MODULE: return INVALID_IMAGE;
    case Kind::CREATE: return OUT_OF_MEMORY;
    default: return LAUNCH_FAILED;
  }
}

int enter(Kind kind) {
  Driver& d = driver();
  if (!d.initialised) return NOT_INITIALIZED;
  if (kind != Kind::EXECUTE && !d.contexts.count(current())) {
    return misuse(INVALID_CONTEXT, std::string(nameOf(kind)) + ": no context is current");
  }
  if (d.lost) return d.lost;
  if (!isInjected(kind)) return SUCCESS;
  int code = setting("fail.code") ? (int)setting("fail.code") : usualCode(kind);
  if (setting("fail.sticky") || kind == Kind::EXECUTE) d.lost = code;
  return code;
}

static int device(int index) {
  if (!driver().initialised) return NOT_INITIALIZED;
  return index < 0 || index >= setting("devices") ? INVALID_DEVICE : SUCCESS;
}

static int attribute(int number) {
  switch (number) {
    case 1: return 1024;        /* threads in a block */
    case 2: case 3: return 1024; /* and along x, y */
    case 4: return 64;          /* along z */
    case 5: return 2147483647;  /* grid along x */
    case 6: case 7: return 65535;
    case 8: return 49152;       /* shared memory of a block */
    case 10: return 32;         /* warp */
    case 12: return 65536;      /* registers */
    case 16: return 4;          /* multiprocessors */
    case 75: return (int)setting("capability") / 10;
    case 76: return (int)setting("capability") % 10;
    case 97: return 101376;     /* shared memory of a block, on request */
    default: return 0;
  }
}

}  // namespace bkdouble

using namespace bkdouble;

BK_API CUresult cuInit(unsigned) {
  BK_LOCK;
  if (setting("devices") == 0) return NO_DEVICE;
  driver().initialised = true;
  return SUCCESS;
}

BK_API CUresult cuDriverGetVersion(int* version) {
  *version = (int)setting("driver");
  return SUCCESS;
}

BK_API CUresult cuDeviceGetCount(int* count) {
  BK_LOCK;
  if (!driver().initialised) return NOT_INITIALIZED;
  *count = (int)setting("devices");
  return SUCCESS;
}

BK_API CUresult cuDeviceGet(CUdevice* out, int index) {
  BK_LOCK;
  if (int code = device(index)) return code;
  *out = index;
  return SUCCESS;
}

BK_API CUresult cuDeviceGetName(char* name, int bytes, CUdevice d) {
  BK_LOCK;
  if (int code = device(d)) return code;
  snprintf(name, bytes, "CUDA test double (host CPU)");
  return SUCCESS;
}

BK_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice d) {
  BK_LOCK;
  if (int code = device(d)) return code;
  *bytes = (size_t)setting("memory");
  return SUCCESS;
}

BK_API CUresult cuDeviceGetAttribute(int* value, int number, CUdevice d) {
  BK_LOCK;
  if (int code = device(d)) return code;
  *value = attribute(number);
  return SUCCESS;
}

BK_API CUresult cuDevicePrimaryCtxRetain(CUcontext* out, CUdevice d) {
  BK_LOCK;
  if (int code = device(d)) return code;
  if (driver().lost) return driver().lost;
  for (auto& [handle, context] : driver().contexts) {
    if (context.device == d) {
      context.retained++;
      *out = handle;
      return SUCCESS;
    }
  }
  *out = newHandle();
  driver().contexts[*out] = {d, 1};
  return SUCCESS;
}

BK_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice d) {
  BK_LOCK;
  if (int code = device(d)) return code;
  for (auto& [handle, context] : driver().contexts) {
    if (context.device == d) {
      if (--context.retained == 0) driver().contexts.erase(handle);
      return SUCCESS;
    }
  }
  return misuse(INVALID_CONTEXT, "a primary context is released more often than retained");
}

BK_API CUresult cuCtxSetCurrent(CUcontext context) {
  BK_LOCK;
  if (context && !driver().contexts.count(context)) {
    return misuse(INVALID_CONTEXT, "a context that does not exist becomes current");
  }
  current() = context;
  return SUCCESS;
}

BK_API CUresult cuCtxGetCurrent(CUcontext* out) {
  *out = current();
  return SUCCESS;
}

BK_API CUresult cuCtxGetDevice(CUdevice* out) {
  BK_LOCK;
  auto found = driver().contexts.find(current());
  if (found == driver().contexts.end()) return INVALID_CONTEXT;
  *out = found->second.device;
  return SUCCESS;
}

BK_API CUresult cuGetErrorName(CUresult code, const char** name) {
  switch (code) {
    case SUCCESS: *name = "CUDA_SUCCESS"; return SUCCESS;
    case INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; return SUCCESS;
    case OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; return SUCCESS;
    case NO_DEVICE: *name = "CUDA_ERROR_NO_DEVICE"; return SUCCESS;
    case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; return SUCCESS;
    case LAUNCH_FAILED: *name = "CUDA_ERROR_LAUNCH_FAILED"; return SUCCESS;
    default: *name = "CUDA_ERROR_OF_TEST_DOUBLE"; return SUCCESS;
  }
}

BK_API CUresult cuGetErrorString(CUresult code, const char** text) {
  return cuGetErrorName(code, text);
}
