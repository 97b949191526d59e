#include "oracle/definition/visible.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace attest::oracle {

std::int64_t keys_of(const Problem& problem, std::int64_t b) {
  return problem.kv_lens ? static_cast<std::int64_t>(problem.kv_lens->at({b})) : problem.kv_len();
}

std::int64_t position_of(const Problem& problem, std::int64_t b, std::int64_t i) {
  if (problem.q_start) return *problem.q_start + i;
  return problem.causal == Causal::top_left ? i : i + keys_of(problem, b) - problem.q_len();
}

std::int64_t kv_head_of(const Problem& problem, std::int64_t h) {
  return h / (problem.q_heads() / problem.kv_heads());
}

bool visible(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  const std::int64_t position = position_of(problem, b, i);
  if (j >= keys_of(problem, b)) return false;
  if (problem.causal != Causal::none && j > position) return false;
  // Differences of positions, because position -+ limit overflows for limits near the largest integer.
  if (problem.window_left != -1 && position - j > problem.window_left) return false;
  if (problem.window_right != -1 && j - position > problem.window_right) return false;
  if (problem.mask && problem.mask->at({b, h, i, j}) == 0) return false;
  return !problem.bias || problem.bias->at({b, h, i, j}) != -HUGE_VAL;
}

KeyRange key_range(const Problem& problem, std::int64_t b, std::int64_t i) {
  const std::int64_t position = position_of(problem, b, i);
  KeyRange range{0, keys_of(problem, b)};
  if (problem.causal != Causal::none) range.end = std::min(range.end, position + 1);
  // A limit of at least kv_len + q_len (+ |q_start|) cuts nothing, and might overflow.
  const std::int64_t reach = problem.kv_len() + problem.q_len() + std::llabs(problem.q_start.value_or(0));
  if (problem.window_left != -1 && problem.window_left < reach)
    range.begin = std::max(range.begin, position - problem.window_left);
  if (problem.window_right != -1 && problem.window_right < reach)
    range.end = std::min(range.end, position + problem.window_right + 1);
  return range.begin < range.end ? range : KeyRange{};
}

std::vector<std::int64_t> visible_keys(const Problem& problem, std::int64_t b, std::int64_t h,
                                       std::int64_t i) {
  std::vector<std::int64_t> keys;
  const KeyRange range = key_range(problem, b, i);
  for (std::int64_t j = range.begin; j < range.end; ++j) {
    if (visible(problem, b, h, i, j)) keys.push_back(j);
  }
  return keys;
}

}  // namespace attest::oracle
