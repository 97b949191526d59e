// Any bytes: a baseline is read or refused, never more.
#include "check/baseline/baseline.hpp"
#include "files/tensor_archive.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  try {
    const auto accepted = check::parse_baseline({reinterpret_cast<const char*>(data), size});
    test::require(accepted.size() <= size, "more findings than bytes");
  } catch (const files::FileFormatError& error) {
    test::require_short(error.what());
  }
  return 0;
}
