// A row with one visible key and no sink gives that key's value.
//
// Bit for bit when the score is exactly 0 (q or k is zero, no softcap, no bias or slope on it): the weight is
// then 1 (exactness.cpp) and v passes through 1 * v, v / 1 and the formats, if each holds it. With another
// score a correct kernel may compute exp(s - m) from s * log2(e) and m * log2(e) rounded apart, so that
// numerator and denominator carry a factor that is not 1 and their quotient rounds: then the certified bound.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "laws/catalogue.hpp"
#include "laws/inputs/edit.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/relations/breaches.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/exactness.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

std::optional<std::int64_t> only_key(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  std::optional<std::int64_t> only;
  if (has_sink(p, h)) return std::nullopt;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    if (!oracle::visible(p, b, h, i, j)) continue;
    if (only) return std::nullopt;
    only = j;
  }
  return only;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  bool any = false;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) { any = any || only_key(p, b, h, i); });
  return any ? "" : "no row has exactly one visible key and no sink";
}

std::optional<Problem> prepare(const Problem& problem, std::uint64_t seed) {
  if (problem.batch() * problem.q_len() * problem.kv_len() == 0) return std::nullopt;
  Problem p = with_keys(problem, {random_below(seed, problem.kv_len())});
  p.sink.reset();
  if (mixed(seed) % 2 == 0) p.q.assign(std::vector<double>(static_cast<std::size_t>(p.q.count()), 0));
  return p;
}

Relation relate(Subject& subject, const std::vector<Call>&, const CallResults&) {
  const Problem& p = subject.problem();
  const Tensor& out = subject.base().result.out;
  const bool weights_exact = oracle::why_weights_round(subject.contract()).empty();
  std::vector<oracle::Element> elements;
  bool bitwise = true;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    const std::optional<std::int64_t> key = only_key(p, b, h, i);
    if (!key) return;
    const bool exact = weights_exact && score_is_zero(p, subject.contract(), b, h, i, *key);
    for (std::int64_t c = 0; c < p.v_dim(); ++c) {
      const double v = KeyValue(p).value(b, oracle::kv_head_of(p, h), *key, c);
      const double got = out.at({b, h, i, c});
      if (got == v) continue;
      bitwise = false;
      if (exact && oracle::value_is_exact(subject.contract(), v, p.q.dtype())) {
        elements.push_back({{b, h, i, Output::out, c}, oracle::Standing::violated, got, v, 0, HUGE_VAL});
      }
    }
  });
  for (const oracle::Element& e : subject.judgement().violations) {
    if (e.in(Output::out) && only_key(p, e.b, e.h, e.i)) elements.push_back(e);
  }
  Relation relation{std::nullopt, bitwise};
  if (!elements.empty()) relation.breach = breach_of_elements(p, std::move(elements));
  return relation;
}

}  // namespace

Law single_key_law() {
  return {.id = LawId::single_key,
          .on_kernels = "bit for bit when the score is 0, else certified bound",
          .why_not = why_not,
          .prepare = prepare,
          .relate = relate};
}

}  // namespace attest::laws
