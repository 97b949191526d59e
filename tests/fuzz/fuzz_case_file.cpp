// Any bytes: a case file is read or refused, never more.
#include "check/case_file/case_file.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  try {
    const check::CaseFile file = check::parse_case_file({reinterpret_cast<const char*>(data), size});
    std::size_t stored = 0;
    for (const Problem* p : {&file.problem}) {
      for (const Tensor* tensor : {&p->q, &p->k, &p->v}) stored += tensor->bytes().size();
    }
    // 16 elements of 8 bytes for each that takes a character, and 2^16 for each tensor.
    test::require(stored <= 128 * size + 3 * (std::size_t{1} << 19), "storage out of proportion to the text");
    test::require(why_invalid(file.problem).empty(), "an invalid problem");
  } catch (const check::CaseFileError& error) {
    test::require_short(error.what());
  }
  return 0;
}
