// V of one-hot columns makes the output a part of the probability matrix: exactly 0 for keys that a row does
// not see, the others within the bound, so that they sum to 1.
//
// What it adds to "definition": the weight of single keys, read off the output. A mask that is a finite
// number added to the score leaves weights of 1e-20, far below any bound on a mixture, and is seen here.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/sentence.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

std::int64_t first_key(const Problem& p) {
  return random_below(static_cast<std::uint64_t>(p.q_len() * 13 + p.v_dim()), p.kv_len());
}

// Channels show consecutive keys, cyclically; a channel past all keys shows none.
std::int64_t key_of_channel(const Problem& p, std::int64_t first, std::int64_t channel) {
  return channel < p.kv_len() ? (first + channel) % p.kv_len() : -1;
}

Problem with_one_hot(const Problem& problem, std::int64_t first) {
  Problem p = problem;
  p.v = Tensor(problem.v.dtype(), problem.v.shape());
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t c = 0; c < std::min(p.v_dim(), p.kv_len()); ++c) {
        set_value(p, b, g, key_of_channel(p, first, c), c, 1);
      }
    }
  }
  return p;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  return p.batch() * p.q_len() * p.kv_len() == 0 ? "there is no row or no key" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const std::int64_t first = first_key(p);
  for (const std::int64_t shown : {first, (first + p.v_dim()) % p.kv_len()}) {
    Call call{fmt::format("one-hot values from key {} on", shown), with_one_hot(p, shown)};
    call.same_number = false;
    made.push_back(std::move(call));
    if (p.v_dim() >= p.kv_len()) break;
  }
  return made;
}

// Weights of keys that the row does not see. NaN and infinity are no weight of one key: where the row has
// to be finite, they are outside its bound.
std::vector<oracle::Element> outside_support(const Problem& p, const Result& result) {
  std::vector<oracle::Element> elements;
  for_each_place(result, [&](const Place& at) {
    if (at.in(Output::lse)) return;
    const double got = number_at(result, at);
    if (got == 0 || !std::isfinite(got)) return;
    for (std::int64_t j = 0; j < p.kv_len(); ++j) {
      if (KeyValue(p).value(at.b, oracle::kv_head_of(p, at.h), j, at.channel) != 0 &&
          oracle::visible(p, at.b, at.h, at.i, j))
        return;
    }
    elements.push_back({at, oracle::Standing::violated, got, 0, 0, HUGE_VAL});
  });
  return elements;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  for (std::size_t n = 0; n < made.size(); ++n) {
    if (!results[n]) continue;
    std::vector<oracle::Element> leaked = outside_support(made[n].problem, *results[n]);
    if (leaked.empty()) continue;
    Breach breach = breach_of_elements(made[n].problem, std::move(leaked));
    const oracle::Element& worst = breach.elements.front();
    breach.variant = made[n].variant;
    breach.summary = fmt::format("gives a key that {} does not see the weight {}",
                                 where(subject.problem(), {worst.b, worst.h, worst.i, Output::lse}),
                                 short_number(worst.got));
    return {std::move(breach), std::nullopt};
  }
  return relate_within_bounds(subject, made, results);
}

}  // namespace

Law support_law() {
  return {.id = LawId::support,
          .on_kernels = "exact outside the support, else certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.1};
}

}  // namespace attest::laws
