// Any bytes: a capture in safetensors is read or refused, never more.
#include "files/capture/abi_forms.hpp"
#include "files/names.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  return test::read_or_refuse([&] {
    files::TensorArchive archive =
        files::parse_safetensors(test::bytes(data, size), files::require_tensor_name);
    test::require_within(archive, size);
    for (const auto& [name, text] : archive.texts) files::require_text_name(name);
    files::to_abi_forms(archive);
    const Problem problem = files::problem_from(archive);
    files::result_from(archive, problem);
    // What was read is written and read again without a change.
    files::safetensors_of(files::archive_of(problem, files::axis_order_of(archive)));
  });
}
