// A constant added to all of a row's scores leaves the output, and moves lse by it.
//
// The constant comes in through one channel in which every key holds 1 and the queries change from 0 to t; a
// sink shifts along. The scores' errors grow with it, so it stays below 0.05 / (u (d + 2)), where the bound
// still says something. What it adds to "definition": exponentials without the maximum subtracted overflow at
// +89 and vanish at -104, and scores that are compared with a constant (0, -1e4) meet it.

#include <algorithm>
#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/relations/two_runs.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/head_terms.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

// In nats.
double largest_shift(const Problem& p, const oracle::ContractSet& contract) {
  const double u = oracle::coarsest_score_roundoff(contract);
  return std::min(200.0, 0.05 / (u * static_cast<double>(p.qk_dim() + 2)));
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.softcap != 0) return "with softcap, a shift is not additive";
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (p.scale == 0) return "the scale is 0";
  const std::int64_t last = p.qk_dim() - 1;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        if (p.q.at({b, h, i, last}) != 0) return "the problem has no channel reserved for the shift";
      }
    }
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t j = 0; j < p.kv_len(); ++j) {
        if (KeyValue(p).key(b, g, j, last) != 1) return "no channel is set aside for the shift";
      }
    }
  }
  return "";
}

void set_last_channel(Tensor& t, double x) {
  for (std::int64_t b = 0; b < t.dim(0); ++b) {
    for (std::int64_t h = 0; h < t.dim(1); ++h) {
      for (std::int64_t i = 0; i < t.dim(2); ++i) t.set({b, h, i, t.dim(3) - 1}, x);
    }
  }
}

Problem shifted(const Problem& problem, double shift) {
  Problem p = problem;
  p.q = problem.q.with_strides(row_major_strides(problem.q.shape()));  // channels may share storage
  const double t = representable(p.q.dtype(), shift / p.scale);
  set_last_channel(p.q, t);
  for (std::int64_t h = 0; p.sink && h < p.q_heads(); ++h)
    p.sink->set({h}, p.sink->at({h}) + t * oracle::head_terms(p, h).scale);
  return p;
}

std::optional<Problem> prepare(const Problem& problem, std::uint64_t) {
  if (problem.qk_dim() < 2 || problem.batch() * problem.q_len() * problem.kv_len() == 0) return std::nullopt;
  Problem p = problem;
  p.softcap = 0;
  p.q = problem.q.with_strides(row_major_strides(problem.q.shape()));
  p.k = problem.k.with_strides(row_major_strides(problem.k.shape()));
  set_last_channel(p.q, 0);
  set_last_channel(p.k, 1);
  return p;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  const double shift = largest_shift(p, contract);
  std::vector<Call> made{{"a constant added to all scores", shifted(p, shift)},
                         {"a constant subtracted from all scores", shifted(p, -shift)}};
  for (Call& call : made) {
    call.counterpart = [](const Place& at) { return at.in(Output::lse) ? std::nullopt : std::optional(at); };
  }
  return made;
}

}  // namespace

Law shift_law() {
  return {.id = LawId::shift,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .prepare = prepare,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.08};
}

}  // namespace attest::laws
