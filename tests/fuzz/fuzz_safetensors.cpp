// Any bytes: a capture in safetensors is read or refused, never more.
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return attest::test::read_or_refuse([&] {
    const attest::TensorArchive archive = attest::parse_safetensors(attest::test::bytes(data, size));
    const attest::Problem problem = attest::problem_from(archive);
    attest::result_from(archive, problem);
  });
}
