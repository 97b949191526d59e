// Head dims that are padded with zeros are certified like any other.
#include <gtest/gtest.h>

#include "check/capture/capture_check.hpp"

namespace attest::check {
namespace {

TEST(CaptureChannels, OneChannelOfZerosAmongSixteenConforms) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 4, 16});
  p.k = Tensor(DType::f32, {1, 1, 4, 16});
  p.v = Tensor(DType::f32, {1, 1, 4, 16});
  Result r;
  r.out = Tensor(DType::f32, {1, 1, 4, 16});
  for (std::int64_t i = 0; i < 4; ++i) {
    for (std::int64_t c = 0; c < 15; ++c) {
      p.v.set({0, 0, i, c}, static_cast<double>(i));
      r.out.set({0, 0, i, c}, 1.5);
    }
  }
  const KernelReport right = check_capture("padded", p, r, {});
  EXPECT_EQ(right.verdict, Verdict::conforming);
  EXPECT_EQ(right.informative, right.outputs);
  r.out.set({0, 0, 2, 15}, 1e-30);
  EXPECT_EQ(check_capture("leaks", p, r, {}).verdict, Verdict::defective);
}

}  // namespace
}  // namespace attest::check
