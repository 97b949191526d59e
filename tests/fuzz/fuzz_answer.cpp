// Any bytes: what a command answers is a result for its problem, or refused, never more.
#include "files/names.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace attest;
  static const Problem problem = [] {
    Problem p;
    p.q = Tensor(DType::f16, {1, 2, 3, 4});
    p.k = Tensor(DType::f16, {1, 1, 5, 4});
    p.v = Tensor(DType::f16, {1, 1, 5, 2});
    return p;
  }();
  return test::read_or_refuse([&] {
    const files::TensorArchive archive =
        files::parse_safetensors(test::bytes(data, size), files::require_tensor_name);
    const Result result = files::result_from(archive, problem, files::AxisOrder::bthd);
    test::require(result.out.shape() == problem.out_shape(), "a result of another shape");
    if (result.lse) test::require(result.lse->shape() == problem.lse_shape(), "an lse of another shape");
    test::require(result.out.values().size() == 12, "a result of another size");
  });
}
