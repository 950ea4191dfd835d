#include "settings.h"

#include <cctype>
#include <cstdlib>

namespace bkdouble {
namespace {

const char* const NAMES[] = {"allocate", "free",   "copy", "launch", "synchronise",
                             "module",   "create", "blas", "execute"};

std::map<std::string, long> defaults() {
  std::map<std::string, long> values = {
      {"devices", 1},  {"memory", 4L << 30}, {"capability", 75}, {"driver", 12060},
      {"isa", 85},     {"schedule", 0},      {"seed", 1},        {"build", 0},
      {"eager", 0},    {"fail.any", 0},      {"fail.code", 0},   {"fail.sticky", 0},
      {"misuse", 0},   {"quiet", 0},
      {"count.injected", 0}};
  for (const char* name : NAMES) {
    values[std::string("fail.") + name] = 0;
    values[std::string("count.") + name] = 0;
  }
  for (auto& [key, value] : values) {
    std::string variable = "BKDOUBLE_";
    for (char c : key) variable += c == '.' ? '_' : (char)toupper(c);
    if (const char* given = getenv(variable.c_str())) value = atol(given);
  }
  return values;
}

std::map<std::string, long>& values() {
  static std::map<std::string, long> all = defaults();
  return all;
}

bool countsDown(long& left) { return left > 0 && --left == 0; }

}  // namespace

long setting(const std::string& key) {
  auto found = values().find(key);
  return found == values().end() ? -1 : found->second;
}

void set(const std::string& key, long value) { values()[key] = value; }

void resetSettings() { values() = defaults(); }

const char* nameOf(Kind kind) { return NAMES[(int)kind]; }

bool isInjected(Kind kind) {
  std::string name = nameOf(kind);
  values()["count." + name]++;
  bool own = countsDown(values()["fail." + name]);
  /* what frees memory, or has been queued already, fails only with the whole device */
  bool mayFail = values()["fail.sticky"] || (kind != Kind::FREE && kind != Kind::EXECUTE);
  bool any = mayFail && countsDown(values()["fail.any"]);
  values()["count.injected"] += own || any;
  return own || any;
}

}  // namespace bkdouble
