// Any text: a contract is understood or refused, never more.
#include "fuzz_input.hpp"
#include "oracle/contract/contract.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const DType dtype : {DType::f32, DType::bf16}) {
    try {
      const oracle::ContractSet set = oracle::contract_for(text, dtype, dtype);
      test::require(!set.text.empty(), "a contract without a text");
    } catch (const oracle::ContractError&) {
      return 0;
    }
  }
  return 0;
}
