// Causal row t of a problem of length L equals row t of its prefix of length t + 1: what comes later has no
// part in it.
//
// What it adds to "definition": the same row under other lengths, hence in other tiles, splits and tails.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.causal == Causal::none) return "the problem is not causal";
  if (p.q_len() != p.kv_len() || p.q_len() < 2) return "the problem is not a sequence of at least two tokens";
  if (p.kv_lens && p.causal == Causal::bottom_right) return "kv_lens change the positions of the rows";
  return p.batch() == 0 ? "there is no batch" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const auto seed = static_cast<std::uint64_t>(p.q_len() * 17 + p.batch());
  for (const std::int64_t length : {1 + random_below(seed, p.q_len() - 1), p.q_len() - 1}) {
    if (!made.empty() && made.back().problem.q_len() == length) continue;
    made.push_back({fmt::format("the first {} rows and keys alone", length),
                    with_queries(with_first_keys(p, length), first_indices(length))});
  }
  return made;
}

}  // namespace

Law prefix_law() {
  return {.id = LawId::prefix,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.2};
}

}  // namespace attest::laws
