#include "kernel/library/library_diagnosis.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include "kernel/library/elf_exports.hpp"
#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

std::vector<std::byte> read_file(const std::string& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto size = std::min<std::size_t>(limit, static_cast<std::size_t>(file.tellg()));
  std::vector<std::byte> bytes(size);
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// The ABI's optional exports, per-symbol contracts, and what C++ and the linker add are no kernels.
bool may_be_kernel(const std::string& name, const std::vector<std::string>& all) {
  if (name == kDefaultSymbol) return true;
  if (name.starts_with("_") || name.starts_with("attest_kernel_")) return false;
  constexpr std::string_view kSuffix = "_contract";
  if (!name.ends_with(kSuffix)) return true;
  return !std::binary_search(all.begin(), all.end(), name.substr(0, name.size() - kSuffix.size()));
}

std::vector<std::string> possible_kernels(const std::string& path) {
  constexpr std::size_t kWholeFile = std::size_t{1} << 30;
  const std::vector<std::string> all = exported_functions(read_file(path, kWholeFile));
  std::vector<std::string> names;
  std::copy_if(all.begin(), all.end(), std::back_inserter(names),
               [&](const std::string& name) { return may_be_kernel(name, all); });
  return names;
}

// As many as a line of a message takes.
std::string list_briefly(const std::vector<std::string>& names) {
  constexpr std::size_t kLength = 64;
  std::string text;
  std::size_t shown = 0;
  for (const std::string& name : names) {
    if (shown > 0 && text.size() + name.size() > kLength) break;
    text += (shown++ > 0 ? ", " : "") + quote(name);
  }
  return names.size() > shown ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

}  // namespace

std::string why_not_a_library(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return fmt::format("cannot open {}: {}", path, error ? error.message() : "No such file or directory");
  }
  if (!std::filesystem::is_regular_file(status)) return fmt::format("{} is not a file", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return fmt::format("cannot open {}: Permission denied", path);
  if (!is_elf(read_file(path, 4))) return fmt::format("{} is not a shared library (not an ELF file)", path);
  return "";
}

std::string describe_load_error(const std::string& path, const std::string& loaded_as, const char* error) {
  std::string_view text = error != nullptr ? error : "unknown error";
  for (const std::string& prefix : {loaded_as + ": ", path + ": "}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return fmt::format("cannot load {}: {}", path, text);
}

std::string describe_missing_symbol(const std::string& path, const std::string& symbol) {
  const std::vector<std::string> names = possible_kernels(path);
  const std::string fact = fmt::format("{} has no symbol {}", quote(path, 60), quote(symbol));
  if (names.empty()) return fact + " and exports no function that could be a kernel";
  const std::string exports = fmt::format("{} (it exports: {})", fact, list_briefly(names));
  const std::string hint = fmt::format("; name one with {}:{}", path, names.front());
  constexpr std::size_t kLine = 190;
  return exports.size() + hint.size() <= kLine ? exports + hint : exports;
}

bool is_data(void* address) {
  Dl_info info{};
  ElfW(Sym)* symbol = nullptr;
  const int found = ::dladdr1(address, &info, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT);
  return found != 0 && symbol != nullptr && ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT;
}

}  // namespace attest::kernel
