/* Test double of the CUDA driver: modules, functions and launches. */
#include <cstdlib>
#include <cstring>

#include "blocks.h"
#include "driver.h"

namespace bkdouble {
namespace {

constexpr unsigned MOST_Y = 65535;
constexpr unsigned MOST_SHARED = 101376;

const Kernel* kernel(const Table& table, const std::string& name) {
  for (const Kernel* k = table.kernels; k->name; k++) {
    if (name == k->name) return k;
  }
  return nullptr;
}

/* The host build of a function, if the PTX declares the same. */
int resolve(const Module& module, const std::string& name, const Table*& table, const Kernel*& found) {
  std::string reason;
  table = program(module.program, reason);
  if (!table) return misuse(INVALID_IMAGE, reason);
  if (module.hash != table->sourceHash) {
    return misuse(INVALID_PTX, "PTX of program '" + module.program + "' is not made from its source");
  }
  found = kernel(*table, name);
  if (!found) return misuse(NOT_FOUND, "the host build has no kernel " + name);
  const Entry& entry = module.entries.at(name);
  bool same = (int)entry.bytes.size() == found->count;
  for (int i = 0; same && i < found->count; i++) same = entry.bytes[i] == found->parameters[i].bytes;
  return same ? SUCCESS : misuse(INVALID_PTX, "PTX and source disagree on the parameters of " + name);
}

/* Copies of arguments: they are read at the call, as in CUDA. */
struct Arguments {
  std::vector<std::vector<char>> values;
  std::vector<void*> addresses;

  Arguments(const Kernel& kernel, void** given) {
    for (int i = 0; i < kernel.count; i++) {
      values.emplace_back((char*)given[i], (char*)given[i] + kernel.parameters[i].bytes);
    }
    for (auto& v : values) addresses.push_back(v.data());
  }

  void* pointer(int i) const {
    void* p;
    memcpy(&p, values[i].data(), sizeof p);
    return p;
  }
};

/* Runs a kernel; before and after, looks at what its pointers point to. */
int execute(const Table& table, const Kernel& kernel, Grid grid, Arguments& arguments) {
  for (int i = 0; i < kernel.count; i++) {
    void* p = kernel.parameters[i].pointer ? arguments.pointer(i) : nullptr;
    if (p && !isDevice(p, 1)) {
      return misuse(ILLEGAL_ADDRESS, std::string(kernel.name) + ": argument " + std::to_string(i)
                                         + " points to no device memory");
    }
  }
  Fault fault = run(table, kernel, grid, arguments.addresses.data(),
                    (Schedule)setting("schedule"), (unsigned)setting("seed"));
  if (!fault.text.empty()) {
    return misuse(fault.address ? ILLEGAL_ADDRESS : LAUNCH_FAILED, fault.text);
  }
  for (int i = 0; i < kernel.count; i++) {
    if (!kernel.parameters[i].pointer) continue;
    std::string broken = brokenCanary(arguments.pointer(i));
    if (!broken.empty()) return misuse(ILLEGAL_ADDRESS, std::string(kernel.name) + ": " + broken);
  }
  return SUCCESS;
}

}  // namespace
}  // namespace bkdouble

using namespace bkdouble;

BK_API CUresult cuModuleLoadData(CUmodule* out, const void* image) {
  BK_ENTER(MODULE);
  Module module = {current(), "", "", {}};
  if (int code = readPtx((const char*)image, module)) return code;
  *out = newHandle();
  driver().modules[*out] = module;
  return SUCCESS;
}

BK_API CUresult cuModuleLoadDataEx(CUmodule* out, const void* image, unsigned, int*, void**) {
  return cuModuleLoadData(out, image);
}

BK_API CUresult cuModuleUnload(CUmodule handle) {
  BK_ENTER(FREE);
  if (!driver().modules.erase(handle)) return misuse(INVALID_HANDLE, "a module that does not exist");
  return SUCCESS;
}

BK_API CUresult cuModuleGetFunction(CUfunction* out, CUmodule handle, const char* name) {
  BK_ENTER(MODULE);
  auto module = driver().modules.find(handle);
  if (module == driver().modules.end() || module->second.context != current()) {
    return misuse(INVALID_HANDLE, "a module that does not exist, or of another context");
  }
  if (!module->second.entries.count(name)) return NOT_FOUND;
  const Table* table;
  const Kernel* found;
  if (int code = resolve(module->second, name, table, found)) return code;
  *out = newHandle();
  driver().functions[*out] = {handle, name};
  return SUCCESS;
}

BK_API CUresult cuFuncGetAttribute(int* value, int number, CUfunction) {
  *value = number == 0 ? 1024 : 0; /* 0: most threads of a block */
  return SUCCESS;
}

BK_API CUresult cuFuncSetAttribute(CUfunction, int, int) { return SUCCESS; }

BK_API CUresult cuLaunchKernel(CUfunction handle, unsigned gridX, unsigned gridY, unsigned gridZ,
                               unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared,
                               CUstream stream, void** given, void** extra) {
  BK_ENTER(LAUNCH);
  auto function = driver().functions.find(handle);
  if (function == driver().functions.end() || !driver().modules.count(function->second.module)) {
    return misuse(INVALID_HANDLE, "a launch of a function whose module is not loaded");
  }
  const Module& module = driver().modules[function->second.module];
  const std::string& name = function->second.name;
  if (extra || blockY != 1 || blockZ != 1) {
    return misuse(INVALID_VALUE, name + ": packed arguments or a block of several axes");
  }
  if (!gridX || !gridY || !gridZ || gridX > 0x7fffffffu || gridY > MOST_Y || gridZ > MOST_Y || !blockX) {
    return misuse(INVALID_VALUE, name + ": a grid that cannot be launched");
  }
  if (blockX > module.entries.at(name).mostThreads || shared > MOST_SHARED) {
    return misuse(LAUNCH_OUT_OF_RESOURCES, name + ": too many threads or too much shared memory");
  }
  const Table* table;
  const Kernel* kernel;
  if (int code = resolve(module, name, table, kernel)) return code;
  if (kernel->count && !given) return misuse(INVALID_VALUE, name + ": no arguments");
  auto arguments = std::make_shared<Arguments>(*kernel, given);
  Grid grid = {gridX, gridY, gridZ, blockX};
  return enqueue(stream, [=] { return execute(*table, *kernel, grid, *arguments); });
}
