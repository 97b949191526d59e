// Kernels that are asked together, and told apart by the first bit in which they differ.

#include "kernel/ensemble.hpp"

#include <gtest/gtest.h>

#include "kernel/in_process/in_process.hpp"

namespace attest::kernel {
namespace {

// Fills out with the value, but declines where q_len is `declined`.
InProcessKernel filling(const std::string& name, float value, std::int64_t declined = -1,
                        const std::string& contract = "f32") {
  KernelInfo info;
  info.name = name;
  info.contract = contract;
  return {info, [=](const attest_forward& p) {
            if (p.q->shape[2] == declined) return static_cast<int>(ATTEST_UNSUPPORTED);
            std::int64_t count = 1;
            for (int axis = 0; axis < p.out->ndim; ++axis) count *= p.out->shape[axis];
            for (std::int64_t i = 0; i < count; ++i) static_cast<float*>(p.out->data)[i] = value;
            return static_cast<int>(ATTEST_OK);
          }};
}

Problem problem_of(std::int64_t rows) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, rows, 1});
  p.k = p.v = Tensor(DType::f32, {1, 1, 2, 1});
  p.want_lse = false;
  return p;
}

TEST(Ensemble, AnswersAsTheFirstAndTellsWhoDiffers) {
  InProcessKernel first = filling("first", 1);
  InProcessKernel same = filling("same", 1);
  InProcessKernel other_value = filling("other value", 1.0000001F);
  InProcessKernel other_decline = filling("other decline", 1, 3);
  Ensemble ensemble({&first, &same, &other_value, &other_decline});
  EXPECT_EQ(ensemble.info().name, "first");
  EXPECT_EQ(ensemble.run(problem_of(2), {}).result.out.at({0, 0, 1, 0}), 1);
  EXPECT_TRUE(ensemble.same(1));
  EXPECT_FALSE(ensemble.same(2)) << "one unit in the last place is another answer";
  EXPECT_TRUE(ensemble.same(3));
  EXPECT_EQ(ensemble.run(problem_of(3), {}).status, RunStatus::ok);
  EXPECT_TRUE(ensemble.same(1));
  EXPECT_FALSE(ensemble.same(3)) << "it declined what the first answered";
}

TEST(Ensemble, KernelsOfOtherContractsAreNotAlike) {
  InProcessKernel a = filling("a", 1);
  InProcessKernel b = filling("b", 2);
  InProcessKernel c = filling("c", 1, -1, "flash-bf16");
  EXPECT_TRUE(Ensemble::alike(a, b));
  EXPECT_FALSE(Ensemble::alike(a, c));
}

}  // namespace
}  // namespace attest::kernel
