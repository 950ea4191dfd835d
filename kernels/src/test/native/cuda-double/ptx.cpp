/* Test double of the CUDA driver: reads the declarations in PTX text. Its code cannot run here; that it
 * comes from the source that does is told by the hash in its first line. */
#include <cctype>
#include <cstdlib>
#include <regex>

#include "driver.h"

namespace bkdouble {
namespace {

const std::string NAME = "// bulwark program: ";
const std::string HASH = "source-sha256: ";

/* The word that follows a text, up to white space. */
std::string wordAfter(const std::string& text, const std::string& before) {
  size_t at = text.find(before);
  if (at == std::string::npos) return "";
  size_t begin = at + before.size();
  return text.substr(begin, text.find_first_of(" \t\r\n", begin) - begin);
}

int bytesOf(const std::string& type) {
  return type.find("64") != std::string::npos ? 8
      : type.find("32") != std::string::npos  ? 4
      : type.find("16") != std::string::npos  ? 2
                                              : 1;
}

/* ".param .u64 a", ".param .u64 .ptr .align 1 b", ".param .align 4 .b8 c[20]" */
std::vector<int> parameters(const std::string& list) {
  static const std::regex one(
      R"(\.param\s+(?:\.align\s+\d+\s+)?\.([usbf]\d+)[^,\[]*(?:\[(\d+)\])?)");
  std::vector<int> bytes;
  for (std::sregex_iterator at(list.begin(), list.end(), one), end; at != end; ++at) {
    bytes.push_back(bytesOf((*at)[1]) * ((*at)[2].matched ? atoi((*at)[2].str().c_str()) : 1));
  }
  return bytes;
}

unsigned mostThreads(const std::string& directives) {
  size_t at = directives.find(".maxntid");
  return at == std::string::npos ? 1024 : (unsigned)atoi(directives.c_str() + at + 8);
}

}  // namespace

int readPtx(const std::string& text, Module& module) {
  std::string version = wordAfter(text, ".version "), target = wordAfter(text, ".target sm_");
  if (version.empty() || target.empty()) {
    return misuse(INVALID_IMAGE, "a module is not PTX text");
  }
  if (text[text.find_last_not_of(" \t\r\n")] != '}') {
    return misuse(INVALID_IMAGE, "PTX text does not end with 0");
  }
  if ((int)(atof(version.c_str()) * 10 + 0.5) > setting("isa")) return UNSUPPORTED_PTX_VERSION;
  if (atoi(target.c_str()) > setting("capability")) return NO_BINARY_FOR_GPU;
  module.program = wordAfter(text, NAME);
  module.hash = wordAfter(text, HASH);
  const std::string entry = ".entry ";
  for (size_t at = text.find(entry); at != std::string::npos; at = text.find(entry, at)) {
    at += entry.size();
    size_t open = text.find('(', at), close = text.find(')', open), body = text.find('{', close);
    if (body == std::string::npos) return misuse(INVALID_PTX, "an entry has no body");
    std::string name = text.substr(at, open - at);
    while (!name.empty() && isspace((unsigned char)name.back())) name.pop_back();
    module.entries[name] = {parameters(text.substr(open, close - open)),
                            mostThreads(text.substr(close, body - close))};
    at = body;
  }
  return SUCCESS;
}

}  // namespace bkdouble
