// Any bytes: an .npy file is read or refused, never more.
#include "files/npy.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  return test::read_or_refuse([&] {
    files::TensorArchive archive;
    files::parse_npy(test::bytes(data, size), "x", archive);
    test::require_within(archive, size + 32);  // a number as a text
    for (const auto& [name, tensor] : archive.tensors) tensor.values();
  });
}
