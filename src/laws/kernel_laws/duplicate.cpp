// Without causality and positional terms, every key twice gives the same output and lse + ln 2; a sink gains
// ln 2 itself.
//
// What it adds to "definition": ties of every score, twice the length, and a denominator that doubles where
// the output must not move.

#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (positional(p)) return "positions count";
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

Problem doubled(const Problem& problem) {
  std::vector<std::int64_t> keys;
  for (std::int64_t j = 0; j < problem.kv_len(); ++j) keys.insert(keys.end(), {j, j});
  Problem p = with_keys(problem, keys);
  for (std::int64_t h = 0; p.sink && h < p.q_heads(); ++h) p.sink->set({h}, p.sink->at({h}) + std::log(2.0));
  return p;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  Call call{"every key twice", doubled(p)};
  call.counterpart = [](const Place& at) { return at.in(Output::lse) ? std::nullopt : std::optional(at); };
  return {std::move(call)};
}

}  // namespace

Law duplicate_law() {
  return {.id = LawId::duplicate,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_within_bounds,
          .share = 0.15};
}

}  // namespace attest::laws
