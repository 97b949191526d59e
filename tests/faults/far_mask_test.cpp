// A mask whose rows lie 2^27 elements apart, over pages that nobody touches: the offset of row 32 is 2^32.

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "faults/signatures/problem/faulty_problem.hpp"
#include "forward_problem.hpp"
#include "kernels.hpp"
#include "special_problems.hpp"

namespace attest::faults {
namespace {

constexpr std::int64_t kRows = 34, kKeys = 3, kStride = std::int64_t{1} << 27;
constexpr std::size_t kBytes = static_cast<std::size_t>((kRows - 1) * kStride + kKeys);

class FarMask {
 public:
  FarMask() {
    void* at =
        mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    data_ = at == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(at);
    if (data_ == nullptr) return;
    for (std::int64_t i = 0; i < kRows; ++i) data_[i * kStride + i % kKeys] = 1;
    view_.data = data_;
    view_.device = {kDLCPU, 0};
    view_.ndim = 4;
    view_.dtype = {kDLUInt, 8, 1};
    view_.shape = shape_;
    view_.strides = strides_;
  }
  ~FarMask() {
    if (data_ != nullptr) munmap(data_, kBytes);
  }
  FarMask(const FarMask&) = delete;
  FarMask& operator=(const FarMask&) = delete;

  const DLTensor* view() const { return data_ == nullptr ? nullptr : &view_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::int64_t shape_[4]{1, 1, kRows, kKeys};
  std::int64_t strides_[4]{0, 0, kStride, 1};
  DLTensor view_{};
};

// Row i sees the one key i % 3, so its output is that key's value; the second element of a row is row 32's.
std::vector<double> outputs(KernelFault fault, const FarMask& mask) {
  Problem p = test::plain_problem({.q_len = kRows, .kv_len = kKeys}, DType::f64);
  p.v.assign({10, 20, 30});
  test::ForwardProblem problem(p);
  problem.forward().mask = mask.view();
  EXPECT_EQ(faulty::forward(problem.forward(), fault), ATTEST_OK);
  return problem.out();
}

TEST(FarMask, IsReadByTheCorrectKernel) {
  const FarMask mask;
  ASSERT_NE(mask.view(), nullptr) << "needs 4 GiB of address space";
  const std::vector<double> out = outputs(KernelFault::none, mask);
  for (std::int64_t i = 0; i < kRows; ++i) {
    EXPECT_EQ(out[static_cast<std::size_t>(i)], 10.0 * static_cast<double>(i % kKeys + 1)) << i;
  }
}

TEST(FarMask, WrapsFrom32BitsOnInTheFaultyKernel) {
  const FarMask mask;
  ASSERT_NE(mask.view(), nullptr) << "needs 4 GiB of address space";
  const std::vector<double> out = outputs(KernelFault::mask_row_offset_32_bits, mask);
  for (std::int64_t i = 0; i < kRows; ++i) {
    EXPECT_EQ(out[static_cast<std::size_t>(i)], 10.0 * static_cast<double>(i % 32 % kKeys + 1)) << i;
  }
}

// Rows 2^32 + `beyond` elements apart, of which the faulty kernel reads the second at `beyond`.
std::vector<double> second_row_seen(std::int64_t beyond) {
  Problem p = test::plain_problem({.q_len = 2, .kv_len = 3}, DType::f64);
  Tensor mask(DType::u8, {1, 1, 2, 3});
  mask.assign({1, 0, 1, 0, 1, 0});
  const std::int64_t step = (std::int64_t{1} << 32) + beyond;
  p.mask = mask.spread_to({2 * step, 2 * step, step, 1});
  const auto faulty = faulty_problem(p, {KernelFault::mask_row_offset_32_bits, 0});
  EXPECT_TRUE(faulty.has_value());
  if (!faulty) return {};
  const std::vector<double> values = faulty->mask->values();
  return {values.begin() + 3, values.end()};
}

TEST(FarMask, WrapsIntoTheFirstRowItsGapOrUntouchedPages) {
  EXPECT_EQ(second_row_seen(0), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(second_row_seen(1), (std::vector<double>{0, 1, 1})) << "the last from the gap, which is not 0";
  EXPECT_EQ(second_row_seen(64), (std::vector<double>{1, 1, 1})) << "the gap";
  EXPECT_EQ(second_row_seen(1 << 20), (std::vector<double>{0, 0, 0})) << "pages that nobody wrote";
}

// 2^20 elements lie between two rows: the second is read next to the first, in its gap, which is not 0.
TEST(FarMask, IsReadAsPackedWhereItsStridesAreIgnored) {
  Problem p = test::plain_problem({.q_len = 400, .kv_len = 3}, DType::f64);
  Tensor mask(DType::u8, {1, 1, 400, 3});
  std::vector<double> bits(1200, 0);
  bits[0] = 1;
  mask.assign(bits);
  constexpr std::int64_t kStep = 1 << 20;
  p.mask = mask.spread_to({400 * kStep, 400 * kStep, kStep, 1});
  const auto faulty = faulty_problem(p, {KernelFault::mask_strides_ignored, 0});
  ASSERT_TRUE(faulty.has_value());
  const auto row = [&](std::int64_t i) {
    return std::vector<double>{faulty->mask->at({0, 0, i, 0}), faulty->mask->at({0, 0, i, 1}),
                               faulty->mask->at({0, 0, i, 2})};
  };
  EXPECT_EQ(row(0), (std::vector<double>{1, 0, 0}));
  EXPECT_EQ(row(1), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(row(86), (std::vector<double>{1, 0, 0})) << "258 is the last that a check writes";
  EXPECT_EQ(row(87), (std::vector<double>{0, 0, 0})) << "pages that nobody wrote";
}

TEST(FarMask, ChangesNothingOfANearMask) {
  Problem p = test::plain_problem({.q_len = 3, .kv_len = 4}, DType::f64);
  p.mask = Tensor(DType::u8, {1, 1, 3, 4});
  EXPECT_FALSE(faulty_problem(p, {KernelFault::mask_row_offset_32_bits, 0}).has_value());
}

}  // namespace
}  // namespace attest::faults
