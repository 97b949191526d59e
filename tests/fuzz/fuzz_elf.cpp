// Any bytes as a shared library: its exports and the functions of its instructions are found or not, never
// more.
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_input.hpp"
#include "kernel/library/elf_exports.hpp"
#include "kernel/library/elf_functions.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  for (const std::string& name : kernel::exported_functions(test::bytes(data, size)))
    test::require(!name.empty() && name.size() <= size, "a name that is not in the file");
  static const int file = ::memfd_create("library", 0);
  test::require(::ftruncate(file, 0) == 0 && ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size),
                "no file");
  const auto size_there = static_cast<std::uint64_t>(size);
  for (const std::uint64_t at : {std::uint64_t{0}, size_there / 2, size_there, ~std::uint64_t{0}}) {
    const auto function = kernel::function_at(file, at);
    test::require(!function || (!function->name.empty() && function->name.size() < 1024), "an odd name");
  }
  const std::string_view symbol(reinterpret_cast<const char*>(data), size);
  test::require(kernel::readable_name(symbol).size() <= 2 * size + 40, "a name that grows");
  return 0;
}
