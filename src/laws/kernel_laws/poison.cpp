// NaN and infinity at and past kv_lens, which is memory that nobody filled, must not reach the output.
//
// Behind a mask, a window or causality the keys do hold numbers in practice, and 0 * NaN is what IEEE
// arithmetic makes of others: there the kernel's behaviour is reported, and breaks nothing. So it is at and
// past kv_lens where a document, or the contract's kv_lens=mask, says that the kernel has them as a mask.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/relations/two_runs.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Problem with_poison(const Problem& problem, const std::vector<KeyAt>& keys, double poison) {
  Problem p = problem;
  for (const KeyAt& at : keys) {
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) set_key(p, at.b, at.kv_head, at.key, c, poison);
    for (std::int64_t c = 0; c < p.v_dim(); ++c) set_value(p, at.b, at.kv_head, at.key, c, poison);
  }
  return p;
}

std::vector<KeyAt> padding(const Problem& p) {
  std::vector<KeyAt> keys;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t j = oracle::keys_of(p, b); j < p.kv_len(); ++j) keys.push_back({b, g, j});
    }
  }
  return keys;
}

// Unseen keys that exist.
std::vector<KeyAt> hidden(const Problem& p) {
  std::vector<KeyAt> keys;
  for (const KeyAt& at : unseen_keys(p)) {
    if (at.key < oracle::keys_of(p, at.b)) keys.push_back(at);
  }
  return keys;
}

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return unseen_keys(p).empty() ? "every key is seen by some row" : "";
}

struct Poison {
  const char* past_the_end;
  const char* hidden;
  double value;
};
constexpr std::array<Poison, 2> kPoisons{
    {{"NaN at and past kv_lens", "NaN", kNaN}, {"infinity at and past kv_lens", "infinity", HUGE_VAL}}};

std::vector<Call> calls(const Problem& p, const oracle::ContractSet&) {
  std::vector<Call> made;
  const std::vector<KeyAt> past_the_end = padding(p);
  const std::vector<KeyAt> behind = hidden(p);
  for (const Poison& poison : kPoisons) {
    if (!past_the_end.empty())
      made.push_back({poison.past_the_end, with_poison(p, past_the_end, poison.value)});
    if (!behind.empty()) made.push_back({poison.hidden, with_poison(p, behind, poison.value)});
  }
  return made;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Whether what the keys hold shows: as NaN or infinity, or as numbers outside their bound.
bool reaches(Subject& subject, const Call& call, const Result& poisoned) {
  const Result& base = subject.base().result;
  bool same_bits = true;
  bool lost = false;
  for_each_place(poisoned, [&](const Place& at) {
    same_bits = same_bits && same(number_at(base, at), number_at(poisoned, at));
    lost = lost || (std::isfinite(number_at(base, at)) && !std::isfinite(number_at(poisoned, at)));
  });
  if (same_bits || lost) return lost;
  return relate_within_bounds(subject, {call}, {poisoned}).breach.has_value();
}

bool is_hidden(const Call& call) {
  return std::any_of(kPoisons.begin(), kPoisons.end(),
                     [&](const Poison& poison) { return call.variant == poison.hidden; });
}

Relation relate(Subject& subject, const std::vector<Call>& made, const CallResults& results) {
  const std::string documented = subject.kv_lens_by_mask();
  std::vector<Call> strict;
  CallResults strict_results;
  std::vector<std::string> notes;
  for (std::size_t n = 0; n < made.size(); ++n) {
    if (!is_hidden(made[n]) && documented.empty()) {
      strict.push_back(made[n]);
      strict_results.push_back(results[n]);
    } else if (results[n]) {
      const bool reached = reaches(subject, made[n], *results[n]);
      std::string note = made[n].variant;
      if (is_hidden(made[n])) note += " in keys hidden by mask, window or causality";
      note += reached ? " reaches the output" : " does not reach the output";
      if (reached && !is_hidden(made[n])) note += " (documented: " + documented + ")";
      notes.push_back(std::move(note));
    }
  }
  Relation relation = relate_within_bounds(subject, strict, strict_results);
  // By itself its problem has NaN among its inputs, which is not for the law "definition" to shrink.
  if (relation.breach) relation.breach->culprit.reset();
  relation.notes = std::move(notes);
  return relation;
}

}  // namespace

Law poison_law() {
  return {.id = LawId::poison,
          .on_kernels = "certified bound",
          .why_not = why_not,
          .calls = calls,
          .relate = relate,
          .share = 0.25};
}

}  // namespace attest::laws
