// NaN that counts reaches the output, and no other row's.
//
// A value whose weight is more than half of a row's: a kernel that keeps its contract reads it. If it did
// not, it would return the same output for the largest and the smallest visible value in that place, though
// the exact outputs are more than half of the values' spread apart; where the certificate says something,
// each bound is below a quarter of that spread. A kernel that reads it multiplies it by a weight that no
// format rounds to 0, and NaN times that is NaN. Here the weight is at least three quarters, since it is
// computed without a certificate. A key of such a weight: the score is NaN, and so are the maximum or the
// exponential, and the denominator. Only of a row with two scores or more, and of a scale other than 0: a
// single score need not be computed. NaN in a query leaves no score that is a number, and kernels that look
// for a maximum above -inf may take the row for one without a key: that is reported, and breaks nothing.
//
// Rows of other batches and key/value heads, and of other queries where it is a query, keep their bounds.
// Between rows of one head, what is hidden from one may be multiplied by 0 there, as the law "poison" has it.

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/relations/breaches.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/tiers/certificate.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastWeight = 0.75;

// What NaN is put into.
enum class Into : std::uint8_t { value, key, query };

struct Target {
  Into into = Into::value;
  RowAt row;
  std::int64_t key = 0;
};

struct Heaviest {
  std::int64_t key = -1;
  double weight = 0;
  std::size_t scores = 0;  // a sink's included
};

Heaviest heaviest_of(const Problem& p, const RowAt& at) {
  const std::vector<KeyScore> scores = visible_scores(p, at.b, at.h, at.i);
  if (scores.empty()) return {};
  const auto most = std::max_element(scores.begin(), scores.end(),
                                     [](const KeyScore& a, const KeyScore& b) { return a.score < b.score; });
  double sum = has_sink(p, at.h) ? std::exp(p.sink->at({at.h}) - most->score) : 0;
  for (const KeyScore& s : scores) sum += std::exp(s.score - most->score);
  return {most->key, 1 / sum, scores.size() + (has_sink(p, at.h) ? 1 : 0)};
}

bool says_something(const Problem& p, const oracle::ContractSet& contract, const RowAt& at) {
  const oracle::Row row = oracle::gather_row(p, at.b, at.h, at.i);
  if (!row.finite) return false;
  const oracle::RowBound bound = oracle::certify(p, contract, row).bound;
  return bound.scores_in_range && bound.in_range[0] && bound.out[0] < oracle::informative_limits(row)[0];
}

// One of each kind at most, each in the first row that allows it.
std::vector<Target> targets_of(const Problem& p, const oracle::ContractSet& contract) {
  std::vector<Target> targets;
  const auto wanted = [&](Into into) {
    return std::none_of(targets.begin(), targets.end(), [&](const Target& t) { return t.into == into; });
  };
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    if (targets.size() == 3) return;
    const RowAt at{b, h, i};
    const Heaviest heaviest = heaviest_of(p, at);
    if (!(heaviest.weight >= kLeastWeight) || !says_something(p, contract, at)) return;
    if (wanted(Into::value)) targets.push_back({Into::value, at, heaviest.key});
    if (heaviest.scores < 2 || p.scale == 0) return;
    if (wanted(Into::key)) targets.push_back({Into::key, at, heaviest.key});
    if (wanted(Into::query)) targets.push_back({Into::query, at, heaviest.key});
  });
  return targets;
}

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.q) || shares_storage(p.k) || shares_storage(p.v))
    return "queries, keys or values share storage";
  return targets_of(p, contract).empty() ? "no key has three quarters of a row's weight" : "";
}

const char* variant_of(Into into) {
  switch (into) {
    case Into::value:
      return "NaN in a value that it sees with most of the weight";
    case Into::key:
      return "NaN in a key that it sees with most of the weight";
    default:
      return "NaN in its query";
  }
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  std::vector<Call> made;
  for (const Target& t : targets_of(p, contract)) {
    made.push_back({variant_of(t.into), p});
    Problem& changed = made.back().problem;
    const std::int64_t g = oracle::kv_head_of(p, t.row.h);
    if (t.into == Into::value) set_value(changed, t.row.b, g, t.key, 0, kNaN);
    if (t.into == Into::key) set_key(changed, t.row.b, g, t.key, 0, kNaN);
    if (t.into == Into::query) changed.q.set({t.row.b, t.row.h, t.row.i, 0}, kNaN);
  }
  return made;
}

bool may_notice(const Problem& p, const Target& t, const oracle::Element& e) {
  if (e.b != t.row.b) return false;
  if (t.into == Into::query) return e.h == t.row.h && e.i == t.row.i;
  return oracle::kv_head_of(p, e.h) == oracle::kv_head_of(p, t.row.h);
}

std::optional<Breach> swallowed(const Problem& p, const Target& t, const Call& call, const Result& result) {
  std::vector<oracle::Element> numbers;
  const std::int64_t channels = t.into == Into::value ? 1 : p.v_dim();
  for (std::int64_t c = 0; c < channels; ++c) {
    const double got = result.out.at({t.row.b, t.row.h, t.row.i, c});
    if (std::isnan(got)) continue;
    numbers.push_back(
        {{t.row.b, t.row.h, t.row.i, Output::out, c}, oracle::Standing::violated, got, kNaN, 0, HUGE_VAL});
  }
  if (numbers.empty()) return std::nullopt;
  if (numbers.size() > kWorstElements) numbers.resize(kWorstElements);
  Breach breach;
  breach.variant = call.variant;
  breach.summary = fmt::format("returns {} for {}, with {}", short_number(numbers.front().got),
                               where(p, numbers.front()), call.variant);
  breach.elements = std::move(numbers);
  return breach;
}

bool wrong_before(const oracle::Judgement& base, const oracle::Element& e) {
  return std::any_of(base.violations.begin(), base.violations.end(),
                     [&](const oracle::Element& known) { return static_cast<const Place&>(known) == e; });
}

std::optional<Breach> spread(Subject& subject, const Target& t, const Call& call, const Result& result) {
  const auto most = static_cast<std::size_t>(result.out.count() + call.problem.q.count());
  std::vector<oracle::Element> others;
  const oracle::Judgement judgement =
      oracle::judge(call.problem, result, subject.contract(), {.max_violations = most});
  for (const oracle::Element& e : judgement.violations) {
    if (!may_notice(call.problem, t, e) && !wrong_before(subject.judgement(), e)) others.push_back(e);
  }
  if (others.empty()) return std::nullopt;
  Breach breach = breach_of_elements(call.problem, std::move(others));
  breach.variant = call.variant;
  breach.summary = fmt::format("{} (with {}: {})", breach.summary, call.variant,
                               where(call.problem, {t.row.b, t.row.h, t.row.i}));
  return breach;
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  // A kernel that is wrong anyway tells nothing about NaN.
  if (subject.judgement().violated()) return {};
  const Problem& p = subject.problem();
  const std::vector<Target> targets = targets_of(p, subject.contract());
  std::vector<std::string> notes;
  for (std::size_t n = 0; n < made.size(); ++n) {
    if (!results[n]) continue;
    auto breach = swallowed(p, targets[n], made[n], *results[n]);
    // Without a score that is a number, a kernel may take the row for one that sees no key.
    if (targets[n].into == Into::query) {
      notes.emplace_back(breach ? "NaN in a query does not reach the output"
                                : "NaN in a query reaches the output");
    } else if (breach) {
      return {std::move(breach), std::nullopt};
    }
    if (auto other = spread(subject, targets[n], made[n], *results[n]))
      return {std::move(other), std::nullopt};
  }
  return {std::nullopt, std::nullopt, std::move(notes)};
}

}  // namespace

Law nan_propagates_law() {
  return {.id = LawId::nan_propagates,
          .on_kernels = "NaN; elsewhere certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.1};
}

}  // namespace attest::laws
