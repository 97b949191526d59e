// Any bytes: an .npy file is read or refused, never more.
#include "files/npy.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return attest::test::read_or_refuse([&] {
    attest::files::TensorArchive archive;
    attest::files::parse_npy(attest::test::bytes(data, size), "x", archive);
    for (const auto& [name, tensor] : archive.tensors) tensor.values();
  });
}
