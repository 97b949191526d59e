#include <algorithm>

#include "check/shrink/shrink_steps.hpp"

namespace attest::check {
namespace {

struct Extents {
  std::int64_t batch, q_len, kv_len;
};

bool empty(const Problem& p) { return p.batch() * p.q_len() * p.kv_len() == 0; }

Tensor zeros_like(const Tensor& t, std::int64_t batch, std::int64_t length) {
  return {t.dtype(), {batch, t.dim(1), length, t.dim(3)}};
}

// A bias of 0, a mask that hides nothing. Axes that broadcast stay.
Tensor neutral_like(const Tensor& t, const Extents& to, double neutral) {
  Tensor filled(t.dtype(), {t.dim(0) == 1 ? 1 : to.batch, t.dim(1), t.dim(2) == 1 ? 1 : to.q_len, to.kv_len});
  filled.assign(std::vector<double>(static_cast<std::size_t>(filled.count()), neutral));
  return filled;
}

// A tensor without elements has no values to keep, and a problem with an empty axis has few with any.
Problem with_extents(const Problem& problem, const Extents& to) {
  Problem p = problem;
  p.q = zeros_like(problem.q, to.batch, to.q_len);
  p.k = zeros_like(problem.k, to.batch, to.kv_len);
  p.v = zeros_like(problem.v, to.batch, to.kv_len);
  if (p.bias) p.bias = neutral_like(*problem.bias, to, 0);
  if (p.mask) p.mask = neutral_like(*problem.mask, to, 1);
  if (p.kv_lens) {
    p.kv_lens = Tensor(DType::i32, {to.batch});
    p.kv_lens->assign(
        std::vector<double>(static_cast<std::size_t>(to.batch), static_cast<double>(to.kv_len)));
  }
  return p;
}

}  // namespace

void add_empty_steps(const Problem& problem, ShrinkSteps& steps) {
  if (!empty(problem)) return;
  const Extents now{problem.batch(), problem.q_len(), problem.kv_len()};
  const auto filled = [](std::int64_t extent) { return std::max<std::int64_t>(1, extent); };
  const Extents all{filled(now.batch), filled(now.q_len), filled(now.kv_len)};
  for (const Extents& to :
       {all, Extents{all.batch, now.q_len, now.kv_len}, Extents{now.batch, all.q_len, now.kv_len},
        Extents{now.batch, now.q_len, all.kv_len}}) {
    steps.emplace_back([=](const Problem& p) -> std::optional<Problem> {
      const bool same = to.batch == p.batch() && to.q_len == p.q_len() && to.kv_len == p.kv_len();
      return same ? std::nullopt : std::optional(with_extents(p, to));
    });
  }
}

}  // namespace attest::check
