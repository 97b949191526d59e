// Any bytes: an .npz archive is read or refused, never more.
#include <algorithm>

#include "files/capture/abi_forms.hpp"
#include "files/names.hpp"
#include "files/npz.hpp"
#include "files/problem_archive.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  return test::read_or_refuse([&] {
    files::TensorArchive archive = files::parse_npz(test::bytes(data, size), files::require_any_name);
    test::require_within(archive, std::max<std::size_t>(std::size_t{256} << 20, 64 * size) + (1 << 20));
    files::to_abi_forms(archive);
    const Problem problem = files::problem_from(archive);
    files::result_from(archive, problem);
  });
}
