/* Test double of the CUDA driver: memory and copies. A piece of device memory is full of NaN at first,
 * lies between canaries and pages that cannot be touched, and its address is not used again. */
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "driver.h"

namespace bkdouble {
namespace {

constexpr size_t CANARY = 512;
constexpr size_t ALIGNMENT = 256;
constexpr size_t PAGE = 4096;

struct Piece {
  size_t bytes;
  CUcontext context;
  char* begin; /* of its pages */
  size_t all;
};

std::map<uintptr_t, Piece> pieces;
std::map<uintptr_t, size_t> pinned;
size_t used;
char* next;
char* end;

size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }

/* Addresses for all pieces there will ever be. */
bool reserve() {
  for (size_t bytes = (size_t)1 << 40; !next && bytes >= (size_t)1 << 32; bytes >>= 2) {
    void* all = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED) continue;
    next = (char*)all;
    end = next + bytes;
  }
  return next != nullptr;
}

/* Read as float or double, NaN as well. */
char canaryAt(const char* p) { return (uintptr_t)p & 1 ? (char)0xFF : (char)0xA5; }

void putCanary(char* from, char* to) {
  for (char* p = from; p < to; p++) *p = canaryAt(p);
}

bool isCanary(const char* from, const char* to) {
  for (const char* p = from; p < to; p++) {
    if (*p != canaryAt(p)) return false;
  }
  return true;
}

/* The piece in which an address lies. */
std::map<uintptr_t, Piece>::iterator pieceOf(const void* at) {
  auto after = pieces.upper_bound((uintptr_t)at);
  if (after == pieces.begin()) return pieces.end();
  auto piece = std::prev(after);
  return (uintptr_t)at < piece->first + piece->second.bytes ? piece : pieces.end();
}

void drop(const Piece& piece) {
  mmap(piece.begin, piece.all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  used -= piece.bytes;
}

}  // namespace

bool isDevice(const void* at, size_t bytes) {
  auto piece = pieceOf(at);
  return piece != pieces.end() && piece->second.context == current()
      && (uintptr_t)at + bytes <= piece->first + piece->second.bytes;
}

bool isPinned(const void* at, size_t bytes) {
  auto after = pinned.upper_bound((uintptr_t)at);
  if (after == pinned.begin()) return false;
  auto block = std::prev(after);
  return (uintptr_t)at + bytes <= block->first + block->second;
}

std::string brokenCanary(const void* at) {
  auto piece = pieceOf(at);
  if (piece == pieces.end()) return "";
  const char* first = (const char*)piece->first;
  const char* last = first + piece->second.bytes;
  bool before = !isCanary(std::max(piece->second.begin, (char*)first - CANARY), first);
  bool behind = !isCanary(last, last + CANARY);
  if (!before && !behind) return "";
  return std::string("something was written ") + (before ? "before" : "behind") + " an allocation of "
      + std::to_string(piece->second.bytes) + " bytes";
}

void forgetMemory() {
  for (auto& [address, piece] : pieces) drop(piece);
  pieces.clear();
  for (auto& [address, bytes] : pinned) free((void*)address);
  pinned.clear();
}

long liveAllocations() { return (long)pieces.size(); }
long livePinned() { return (long)pinned.size(); }
size_t liveBytes() { return used; }

}  // namespace bkdouble

using namespace bkdouble;

BK_API CUresult cuMemAlloc_v2(CUdeviceptr* out, size_t bytes) {
  BK_ENTER(ALLOCATE);
  if (bytes == 0) return misuse(INVALID_VALUE, "an allocation of no bytes");
  if (bytes > (size_t)setting("memory") - used || !reserve()) return OUT_OF_MEMORY;
  size_t all = roundUp(CANARY + roundUp(bytes, ALIGNMENT) + CANARY, PAGE);
  if (next + all + 2 * PAGE > end) return OUT_OF_MEMORY;
  char* begin = next + PAGE;
  if (mprotect(begin, all, PROT_READ | PROT_WRITE)) return OUT_OF_MEMORY;
  next = begin + all;
  char* data = begin + all - CANARY - roundUp(bytes, ALIGNMENT);
  putCanary(begin, data);
  memset(data, 0xFF, bytes);
  putCanary(data + bytes, begin + all);
  pieces[(uintptr_t)data] = {bytes, current(), begin, all};
  used += bytes;
  *out = (CUdeviceptr)(uintptr_t)data;
  return SUCCESS;
}

BK_API CUresult cuMemFree_v2(CUdeviceptr address) {
  BK_ENTER(FREE);
  if (!address) return SUCCESS;
  auto piece = pieces.find((uintptr_t)address);
  if (piece == pieces.end()) {
    return misuse(INVALID_VALUE, "memory is freed that is not allocated (twice?)");
  }
  drainAll(); /* as a driver waits */
  std::string broken = brokenCanary((void*)address);
  drop(piece->second);
  pieces.erase(piece);
  if (!broken.empty()) driver().lost = misuse(ILLEGAL_ADDRESS, broken);
  return driver().lost;
}

BK_API CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
  BK_LOCK;
  if (driver().lost) return driver().lost;
  if (!driver().contexts.count(current())) return INVALID_CONTEXT;
  *total = (size_t)setting("memory");
  *free = *total - used;
  return SUCCESS;
}

BK_API CUresult cuMemHostAlloc(void** out, size_t bytes, unsigned) {
  BK_ENTER(ALLOCATE);
  if (bytes == 0) return misuse(INVALID_VALUE, "an allocation of no bytes");
  if (posix_memalign(out, PAGE, bytes)) return OUT_OF_MEMORY;
  pinned[(uintptr_t)*out] = bytes;
  return SUCCESS;
}

BK_API CUresult cuMemAllocHost_v2(void** out, size_t bytes) { return cuMemHostAlloc(out, bytes, 0); }

BK_API CUresult cuMemFreeHost(void* address) {
  BK_ENTER(FREE);
  if (!pinned.erase((uintptr_t)address)) {
    return misuse(INVALID_VALUE, "pinned memory is freed that is not allocated (twice?)");
  }
  free(address);
  return SUCCESS;
}

namespace {

enum class Side { DEVICE, HOST };

int checkCopy(const void* to, Side toSide, const void* from, Side fromSide, size_t bytes,
              bool mayBePageable) {
  for (auto [address, side] : {std::pair<const void*, Side>(to, toSide), {from, fromSide}}) {
    if (side == Side::DEVICE && !isDevice(address, bytes)) {
      return misuse(INVALID_VALUE, "a copy leaves device memory");
    }
    if (side == Side::HOST && !mayBePageable && !isPinned(address, bytes)) {
      return misuse(INVALID_VALUE, "an asynchronous copy uses host memory that is not pinned");
    }
  }
  return SUCCESS;
}

int copyNow(void* to, Side toSide, const void* from, Side fromSide, size_t bytes) {
  BK_ENTER(COPY);
  if (int code = checkCopy(to, toSide, from, fromSide, bytes, true)) return code;
  if (int code = drain(0)) return code;
  memmove(to, from, bytes);
  return SUCCESS;
}

int copyLater(void* to, Side toSide, const void* from, Side fromSide, size_t bytes, CUstream stream) {
  BK_ENTER(COPY);
  if (int code = checkCopy(to, toSide, from, fromSide, bytes, false)) return code;
  return enqueue(stream, [=] {
    int code = checkCopy(to, toSide, from, fromSide, bytes, false); /* still there? */
    if (!code) memmove(to, from, bytes);
    return code;
  });
}

}  // namespace

BK_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t bytes) {
  return copyNow((void*)to, Side::DEVICE, from, Side::HOST, bytes);
}

BK_API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t bytes) {
  return copyNow(to, Side::HOST, (void*)from, Side::DEVICE, bytes);
}

BK_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream s) {
  return copyLater((void*)to, Side::DEVICE, from, Side::HOST, bytes, s);
}

BK_API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream s) {
  return copyLater(to, Side::HOST, (void*)from, Side::DEVICE, bytes, s);
}

BK_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream s) {
  return copyLater((void*)to, Side::DEVICE, (void*)from, Side::DEVICE, bytes, s);
}

BK_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream s) {
  BK_ENTER(COPY);
  if (!isDevice((void*)to, bytes)) return misuse(INVALID_VALUE, "a fill leaves device memory");
  return enqueue(s, [=] {
    if (!isDevice((void*)to, bytes)) return misuse(INVALID_VALUE, "a fill comes after a free");
    memset((void*)to, value, bytes);
    return 0;
  });
}
