// Any bytes: an .npz archive is read or refused, never more.
#include "files/npz.hpp"
#include "files/problem_archive.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return attest::test::read_or_refuse([&] {
    const attest::files::TensorArchive archive = attest::files::parse_npz(attest::test::bytes(data, size));
    const attest::Problem problem = attest::files::problem_from(archive);
    attest::files::result_from(archive, problem);
  });
}
