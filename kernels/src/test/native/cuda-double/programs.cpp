/* Test double of the CUDA driver: the host builds of programs, one library each and for each branch of
 * the dialect, beside this library. */
#include <dlfcn.h>

#include "driver.h"

namespace bkdouble {
namespace {

std::string folder() {
  Dl_info self;
  dladdr((void*)&newHandle, &self);
  std::string path = self.dli_fname;
  return path.substr(0, path.rfind('/') + 1);
}

}  // namespace

const Table* program(const std::string& id, std::string& reason) {
  static std::map<std::string, const Table*> loaded;
  std::string file = folder() + id + (setting("build") ? ".cuda.so" : ".host.so");
  if (const Table* known = loaded[file]) return known;
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* table = library ? dlsym(library, "bkdouble_table") : nullptr;
  if (!table) {
    reason = "no host build of program '" + id + "': " + dlerror();
    return nullptr;
  }
  return loaded[file] = ((const Table* (*)())table)();
}

}  // namespace bkdouble
