// One visible set, spelled in every way that the ABI has: as a mask, as a bias of -inf, as another causal
// flag, as a window, as lengths or truncated tensors.
//
// What it adds to "definition": each spelling takes another path through a kernel, over the same inputs.

#include <algorithm>
#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/inputs.hpp"

namespace attest::laws {
namespace {

bool hides(const Problem& p) {
  return p.causal != Causal::none || p.window_left != -1 || p.window_right != -1 || p.mask || p.kv_lens;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  return hides(p) ? "" : "no key is hidden";
}

// Whether rows stand where an uncausal problem without lengths puts them, or nobody asks.
bool plain_positions(const Problem& p) {
  if (!p.alibi_slopes) return true;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    if (oracle::position_of(p, b, 0) != p.kv_len() - p.q_len()) return false;
  }
  return true;
}

// The same keys and rows with nothing that hides any.
Problem bare(const Problem& problem) {
  Problem p = problem;
  p.causal = Causal::none;
  p.window_left = p.window_right = -1;
  leave_out(p, InputEffect::visibility);
  return p;
}

Problem as_mask(const Problem& problem) {
  Problem p = bare(problem);
  std::vector<double> bits;
  p.mask = Tensor(DType::u8, {p.batch(), p.q_heads(), p.q_len(), p.kv_len()});
  for (std::int64_t at = 0; at < p.mask->count(); ++at) {
    const std::int64_t row = at / p.kv_len();
    const std::int64_t head = row / p.q_len();
    bits.push_back(
        oracle::visible(problem, head / p.q_heads(), head % p.q_heads(), row % p.q_len(), at % p.kv_len()));
  }
  p.mask->assign(bits);
  return p;
}

Problem as_bias(const Problem& problem) {
  Problem p = as_mask(problem);
  std::vector<double> added = p.mask->values();
  Tensor bias(DType::f32, p.mask->shape());
  for (std::size_t n = 0; n < added.size(); ++n) {
    const auto at = static_cast<std::int64_t>(n);
    const std::int64_t row = at / p.kv_len();
    const std::int64_t head = row / p.q_len();
    const double old =
        p.bias ? p.bias->at({head / p.q_heads(), head % p.q_heads(), row % p.q_len(), at % p.kv_len()}) : 0;
    added[n] = added[n] != 0 ? old : -HUGE_VAL;
  }
  bias.assign(added);
  p.bias = std::move(bias);
  p.mask.reset();
  return p;
}

// Causality as a window that ends at the own position, where both count positions alike.
std::optional<Problem> as_window(const Problem& problem) {
  const bool same =
      problem.causal == Causal::bottom_right ||
      (problem.causal == Causal::top_left && !problem.kv_lens && problem.q_len() == problem.kv_len());
  if (!same) return std::nullopt;
  Problem p = problem;
  p.causal = Causal::none;
  p.window_right = p.window_right == -1 ? 0 : std::min<std::int64_t>(0, p.window_right);
  return p;
}

std::optional<Problem> as_other_causal(const Problem& problem) {
  if (problem.causal == Causal::none || problem.kv_lens || problem.q_len() != problem.kv_len())
    return std::nullopt;
  Problem p = problem;
  p.causal = problem.causal == Causal::top_left ? Causal::bottom_right : Causal::top_left;
  return p;
}

// One length for all: the keys past it need not be there. And the other way round, lengths that say what the
// tensors do.
std::optional<Problem> as_truncated(const Problem& problem) {
  if (!problem.kv_lens) return std::nullopt;
  for (std::int64_t b = 1; b < problem.batch(); ++b) {
    if (oracle::keys_of(problem, b) != oracle::keys_of(problem, 0)) return std::nullopt;
  }
  Problem p = with_first_keys(problem, oracle::keys_of(problem, 0));
  p.kv_lens.reset();
  return p;
}

std::optional<Problem> as_lengths(const Problem& problem) {
  if (problem.kv_lens) return std::nullopt;
  std::vector<std::int64_t> keys = first_indices(problem.kv_len());
  keys.push_back(problem.kv_len() - 1);
  Problem p = with_keys(problem, keys);
  p.kv_lens = Tensor(DType::i32, {p.batch()});
  for (std::int64_t b = 0; b < p.batch(); ++b) p.kv_lens->set({b}, static_cast<double>(problem.kv_len()));
  return p;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const auto add = [&](const char* variant, std::optional<Problem> problem) {
    if (problem) made.push_back({variant, std::move(*problem)});
  };
  if (plain_positions(p)) {
    add("the same keys hidden by a mask", as_mask(p));
    add("the same keys hidden by a bias of -inf", as_bias(p));
  }
  add("causality as a window", as_window(p));
  add("causality counted from the other corner", as_other_causal(p));
  add("truncated tensors for lengths", as_truncated(p));
  add("lengths and one more key", as_lengths(p));
  return made;
}

}  // namespace

Law spelling_law() {
  return {.id = LawId::spelling,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.12};
}

}  // namespace attest::laws
