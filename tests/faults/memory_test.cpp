// A kernel that keeps the scalars of its first call with some shapes.

#include "faults/kernels/memory.hpp"

#include <gtest/gtest.h>

#include "forward_problem.hpp"
#include "special_problems.hpp"

namespace attest::faults {
namespace {

std::vector<double> answer(const Problem& p, KernelFault fault, faulty::Memory* memory) {
  test::ForwardProblem problem(p);
  EXPECT_EQ(faulty::forward(problem.forward(), fault, {}, memory), ATTEST_OK);
  return problem.out();
}

Problem with_length(std::int64_t keys, double scale = 1, std::int64_t q_len = 2) {
  Problem p = test::plain_problem({.q_len = q_len, .kv_len = 8, .qk_dim = 4, .v_dim = 3}, DType::f32);
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->set({0}, static_cast<double>(keys));
  p.scale = scale;
  return p;
}

std::vector<double> right(const Problem& p) { return answer(p, KernelFault::none, nullptr); }

TEST(Memory, AnswersTheFirstCallRight) {
  faulty::Memory memory;
  const Problem first = with_length(5);
  EXPECT_EQ(answer(first, KernelFault::scalars_of_first_call, &memory), right(first));
  EXPECT_EQ(answer(first, KernelFault::scalars_of_first_call, &memory), right(first));
}

TEST(Memory, GivesALaterCallTheScalarsOfTheFirst) {
  faulty::Memory memory;
  const Problem first = with_length(5);
  answer(first, KernelFault::scalars_of_first_call, &memory);
  for (const Problem& later : {with_length(7), with_length(5, 0.25)}) {
    EXPECT_EQ(answer(later, KernelFault::scalars_of_first_call, &memory), right(first));
    EXPECT_NE(right(later), right(first));
  }
  Problem windowed = with_length(5);
  windowed.window_left = 0;
  EXPECT_EQ(answer(windowed, KernelFault::scalars_of_first_call, &memory), right(first));
  EXPECT_NE(right(windowed), right(first));
}

TEST(Memory, KnowsCallsByTheirShapes) {
  faulty::Memory memory;
  answer(with_length(5), KernelFault::scalars_of_first_call, &memory);
  const Problem other = with_length(7, 0.5, 3);
  EXPECT_EQ(answer(other, KernelFault::scalars_of_first_call, &memory), right(other));
  Problem without = with_length(7);
  without.kv_lens.reset();
  EXPECT_EQ(answer(without, KernelFault::scalars_of_first_call, &memory), right(without));
}

TEST(Memory, Forgets) {
  faulty::Memory memory;
  answer(with_length(5), KernelFault::scalars_of_first_call, &memory);
  memory.forget();
  const Problem later = with_length(7);
  EXPECT_EQ(answer(later, KernelFault::scalars_of_first_call, &memory), right(later));
}

TEST(Memory, IsWhatTheFaultNeeds) {
  const Problem later = with_length(7);
  answer(with_length(5), KernelFault::scalars_of_first_call, nullptr);
  EXPECT_EQ(answer(later, KernelFault::scalars_of_first_call, nullptr), right(later));
}

}  // namespace
}  // namespace attest::faults
