// Outputs of any strides that do not overlap: every element is written, and nothing between them.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "kernel/memory/forward_description.hpp"
#include "onednn_support.hpp"

namespace attest::onednn_tests {
namespace {

// Runs with `out` as the output, whose bytes are those before the call; inputs are the problem's own.
int forward_into(Tensor& out, Problem& problem) {
  kernel::ForwardDescription description = kernel::describe_forward(problem);
  kernel::TensorDescription& described = description.tensors[kernel::index_of(kernel::Slot::out)];
  std::copy(out.strides().begin(), out.strides().end(), described.strides.begin());
  described.bytes = out.bytes().size();
  kernel::PerSlot<std::byte*> data{};
  data[kernel::index_of(kernel::Slot::q)] = problem.q.bytes().data();
  data[kernel::index_of(kernel::Slot::k)] = problem.k.bytes().data();
  data[kernel::index_of(kernel::Slot::v)] = problem.v.bytes().data();
  data[kernel::index_of(kernel::Slot::out)] = out.bytes().data();
  const kernel::ForwardArguments arguments(description, data);
  return kernel::onednn_adapter().open("")->forward(arguments.problem());
}

std::size_t bytes_still(const Tensor& tensor, std::byte value) {
  return static_cast<std::size_t>(std::count(tensor.bytes().begin(), tensor.bytes().end(), value));
}

TEST(OnednnOutput, WritesEveryElementAndNothingBetween) {
  const std::vector<std::int64_t> shape{2, 4, 3, 6};
  const std::vector<std::vector<std::int64_t>> layouts{
      {72, 18, 6, 1},    // dense
      {72, 6, 24, 1},    // [batch, q_len, head, dim]
      {88, 22, 7, 1},    // padded rows, heads and batches
      {72, 18, 1, 3},    // transposed
      {200, 50, 16, 2},  // every second element
      {1, 300, 50, 3},   // interleaved batches
  };
  for (const std::int64_t kv_heads : {4, 2}) {
    Problem problem = dominated({2, 4, kv_heads, 3, 9, 2, 6}, DType::f32, 41);
    for (const auto& strides : layouts) {
      Tensor out(DType::f32, shape, strides);
      // No byte of a tag (an integer below 2^8) in f32 is 0xa5.
      std::fill(out.bytes().begin(), out.bytes().end(), std::byte{0xa5});
      ASSERT_EQ(forward_into(out, problem), ATTEST_OK);
      EXPECT_EQ(largest_difference(out, dominating_values(problem)), 0);
      const std::size_t written = static_cast<std::size_t>(out.count()) * size_of(out.dtype());
      EXPECT_EQ(bytes_still(out, std::byte{0xa5}), out.bytes().size() - written) << "strides " << strides[2];
    }
  }
}

}  // namespace
}  // namespace attest::onednn_tests
