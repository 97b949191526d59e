// What a query head brings to the scores of all its rows: the one place that reads it from a problem.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "problem/problem.hpp"

namespace attest::oracle {

/// A score is softcap(scale q.k) + bias - slope distance.
struct HeadTerms {
  double scale = 1;
  double softcap = 0;          ///< 0: none
  double slope = 0;            ///< of ALiBi; 0 without it
  std::optional<double> sink;  ///< finite
  double q_normal = 0;         ///< smallest normal number of q's dtype; 0: not known
  double kv_normal = 0;        ///< that of k and v
};

inline HeadTerms head_terms(const Problem& problem, std::int64_t h) {
  HeadTerms terms{.scale = problem.scale, .softcap = problem.softcap, .slope = 0, .sink = {}};
  terms.q_normal = format_of(problem.q.dtype()).min_normal();
  terms.kv_normal = format_of(problem.k.dtype()).min_normal();
  if (problem.alibi_slopes) terms.slope = problem.alibi_slopes->at({h});
  if (problem.sink && problem.sink->at({h}) != -HUGE_VAL) terms.sink = problem.sink->at({h});
  return terms;
}

}  // namespace attest::oracle
