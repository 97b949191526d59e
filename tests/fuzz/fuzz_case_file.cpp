// Any bytes: a case file is read or refused, never more.
#include "check/case_file/case_file.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    attest::check::parse_case_file({reinterpret_cast<const char*>(data), size});
  } catch (const attest::check::CaseFileError&) {
    return 0;
  }
  return 0;
}
