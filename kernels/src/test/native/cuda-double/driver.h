/* Test double of the CUDA driver: what its parts share. Memory of the "device" is host memory, work is
 * queued and runs only when something waits for it, and every call checks its arguments harder than a
 * driver does. Handles are numbers that are never used again, so a stale one is always found. */
#ifndef BKDOUBLE_DRIVER_H
#define BKDOUBLE_DRIVER_H
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernel_table.h"
#include "settings.h"

#define BK_API extern "C" BKDOUBLE_EXPORT

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
typedef uintptr_t CUcontext, CUstream, CUevent, CUmodule, CUfunction;

namespace bkdouble {

enum Code {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  NO_BINARY_FOR_GPU = 209,
  INVALID_PTX = 218,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_OUT_OF_RESOURCES = 701,
  LAUNCH_FAILED = 719
};

/* One command of a stream; gives a code. */
typedef std::function<int()> Command;

struct Context {
  int device;
  int retained;
};

/* Whether the work before one recording of an event is done. */
struct Ticket {
  CUstream stream;
  bool done;
  double milliseconds;
};

struct Stream {
  CUcontext context;
  bool blocking;
  bool running;
  std::deque<Command> queue;
};

struct Event {
  CUcontext context;
  std::shared_ptr<Ticket> last;
};

/* A kernel as the PTX text declares it. */
struct Entry {
  std::vector<int> bytes;
  unsigned mostThreads;
};

struct Module {
  CUcontext context;
  std::string program;
  std::string hash;
  std::map<std::string, Entry> entries;
};

struct Function {
  CUmodule module;
  std::string name;
};

/* A handle of cuBLAS. */
struct Blas {
  CUcontext context;
  CUstream stream;
  int mathMode;
};

struct Driver {
  bool initialised = false;
  int lost = 0; /* code that every call gives once the device is lost */
  uintptr_t lastHandle = 0x1000;
  std::map<CUcontext, Context> contexts;
  std::map<CUstream, Stream> streams;
  std::map<CUevent, Event> events;
  std::map<CUmodule, Module> modules;
  std::map<CUfunction, Function> functions;
  std::map<uintptr_t, Blas> blas;
};

BKDOUBLE_EXPORT std::recursive_mutex& lock();
BKDOUBLE_EXPORT Driver& driver();
BKDOUBLE_EXPORT uintptr_t newHandle();

/* Current context of the calling thread, 0 if none. */
BKDOUBLE_EXPORT CUcontext& current();

/* Reports a wrong use; gives the code. */
BKDOUBLE_EXPORT int misuse(int code, const std::string& what);
const std::string& lastMessage();

/* What every call that needs a context begins with; its code, unless all is well. */
BKDOUBLE_EXPORT int enter(Kind kind);

#define BK_LOCK std::lock_guard<std::recursive_mutex> hold(::bkdouble::lock())
#define BK_ENTER(kind) \
  BK_LOCK;             \
  if (int code = ::bkdouble::enter(::bkdouble::Kind::kind)) return code

/* ---- memory.cpp */

/* Whether a range lies in one live allocation of the current context. */
BKDOUBLE_EXPORT bool isDevice(const void* at, size_t bytes);
bool isPinned(const void* at, size_t bytes);

/* What was written beside the allocation of a pointer; empty if nothing. */
BKDOUBLE_EXPORT std::string brokenCanary(const void* at);
void forgetMemory();
long liveAllocations();
long livePinned();
size_t liveBytes();

/* ---- streams.cpp */

/* Queues a command. */
BKDOUBLE_EXPORT int enqueue(CUstream stream, Command command);

/* Runs all that a stream has queued; all that all streams have. */
int drain(CUstream stream);
int drainAll();
long queued();

/* ---- programs.cpp */

/* The host build of a program, or null with a reason. */
const Table* program(const std::string& id, std::string& reason);

/* ---- ptx.cpp */

/* Reads PTX text into a module; a code. */
int readPtx(const std::string& text, Module& module);

}  // namespace bkdouble
#endif
