// A row's result does not depend on the other rows, heads and batches computed with it.
//
// What it adds to "definition": the same row in smaller company, hence with another split of the work.
// Whether it gives the same bits is reported: that is what reproducible serving asks for.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  return p.batch() * p.q_heads() * p.q_len() < 2 ? "there is one row" : "";
}

// Rows that keep their positions without the others: the first ones where positions count from the top, else
// the last ones.
Call fewer_rows(const Problem& p, std::int64_t count) {
  const std::int64_t first = p.causal == Causal::top_left ? 0 : p.q_len() - count;
  std::vector<std::int64_t> rows;
  for (std::int64_t i = first; i < first + count; ++i) rows.push_back(i);
  Call call{fmt::format("the {} {} row{} alone", first == 0 ? "first" : "last", count, count == 1 ? "" : "s"),
            with_queries(p, rows)};
  call.counterpart = [first](const Place& at) {
    return Place{at.b, at.h, at.i + first, at.output, at.channel};
  };
  return call;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const auto seed = static_cast<std::uint64_t>(p.q_len() * 11 + p.kv_len() * 3 + p.q_heads());
  if (p.batch() > 1) {
    const std::int64_t b = random_below(seed, p.batch());
    made.push_back({fmt::format("batch {} alone", b), with_batches(p, {b})});
    made.back().counterpart = [b](const Place& at) { return Place{b, at.h, at.i, at.output, at.channel}; };
  }
  const std::int64_t group = p.q_heads() / p.kv_heads();
  if (p.kv_heads() > 1) {
    const std::int64_t g = random_below(seed + 1, p.kv_heads());
    made.push_back({fmt::format("key/value head {} alone", g), with_kv_heads(p, {g})});
    made.back().counterpart = [g, group](const Place& at) {
      return Place{at.b, g * group + at.h, at.i, at.output, at.channel};
    };
  }
  if (p.q_len() > 1) made.push_back(fewer_rows(p, 1 + random_below(seed + 2, p.q_len() - 1)));
  if (made.empty()) {
    made.push_back({"one query head of the group alone", with_group_members(p, {group - 1})});
    made.back().counterpart = [group](const Place& at) {
      return Place{at.b, group - 1, at.i, at.output, at.channel};
    };
  }
  return made;
}

}  // namespace

Law batch_invariance_law() {
  return {.id = LawId::batch_invariance,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.12};
}

}  // namespace attest::laws
