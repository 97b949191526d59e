// A glance at every output of a problem: which rows cannot be right, as far as a look at the values tells.
#pragma once

#include <cstdint>
#include <vector>

#include "problem/problem.hpp"

namespace attest::oracle {

/// Rows by their place in the order of the outputs, (b * q_heads + h) * q_len + i, ascending.
struct OutputScan {
  std::vector<std::int64_t> not_finite;  ///< an output is NaN or infinite, or lse is NaN or +infinity
  /// The others of which an output lies outside the finite values that its kv head holds in that channel, by
  /// more than a few roundings. 0 belongs to these where a row may see no key, or a sink.
  std::vector<std::int64_t> outside;
};

/// Suspects only: the exact judgement of these rows decides. Reads each value and each output once.
OutputScan scan_outputs(const Problem& problem, const Result& result);

}  // namespace attest::oracle
