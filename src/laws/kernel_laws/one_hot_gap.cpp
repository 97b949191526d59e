// A score ahead of all others by more than 1024 leaves no dependence on the others, bit for bit.
//
// exp(-1024) is 0 in every format here, so whatever came before the winner is rescaled by 0 and whatever
// comes after has the weight 0. That needs a shift within 512 of the maximum, and exponentials without an
// absolute error, or with one so small that values of at least 1 hide it (exactness.cpp). The value itself
// need only lie within the bound (law "definition"). What it makes visible: a rescale that is left out or
// clamped, and exponentials that do not reach 0.

#include <algorithm>
#include <cmath>

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/inputs/scores.hpp"
#include "laws/relations/two_runs.hpp"
#include "numerics/random_value.hpp"
#include "oracle/contract/exactness.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/visible.hpp"
#include "problem/inputs.hpp"
#include "problem/key_value.hpp"

namespace attest::laws {
namespace {

constexpr double kGap = 1024;

// The key that is ahead of all others of the row, and of a sink, by more than the gap.
std::optional<std::int64_t> winner_of(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i) {
  KeyScore best{-1, -HUGE_VAL};
  double second = has_sink(p, h) ? p.sink->at({h}) : -HUGE_VAL;
  for (const KeyScore& s : visible_scores(p, b, h, i)) {
    second = std::max(second, std::min(best.score, s.score));
    if (s.score > best.score) best = s;
  }
  // One unit of room for the scores' own errors at this size.
  if (best.key < 0 || !(best.score - second > kGap + 1) || second == -HUGE_VAL) return std::nullopt;
  return best.key;
}

// [batch * q_heads * q_len], -1: none.
std::vector<std::int64_t> winners_of(const Problem& p) {
  std::vector<std::int64_t> winners;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    winners.push_back(winner_of(p, b, h, i).value_or(-1));
  });
  return winners;
}

double largest(const Tensor& t) {
  double most = 0;
  for (const double x : t.values()) most = std::max(most, std::fabs(x));
  return most;
}

// Values of at least 1 hide what is left of the others' weights; the changed values are up to 24.
double largest_unless_below_1(const Tensor& t) {
  double most = 24;
  for (const double x : t.values()) most = std::max(most, x >= 1 ? x : HUGE_VAL);
  return most;
}

std::string why_not(const Problem& p, const oracle::ContractSet& contract) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (!oracle::far_keys_vanish(contract, static_cast<double>(p.kv_len()), largest_unless_below_1(p.v)))
    return "the contract's exponential has an absolute error, which may show beside such values";
  if (oracle::largest_lag(contract) > kGap / 2) return "the contract's shift may be far below the maximum";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  const double worst = static_cast<double>(p.qk_dim()) * largest(p.q) * largest(p.k);
  if (!(worst < 8 * score_room(p, contract))) return "scores may overflow";
  const std::vector<std::int64_t> winners = winners_of(p);
  return std::all_of(winners.begin(), winners.end(), [](std::int64_t w) { return w < 0; })
             ? "no row has a score ahead of all others by 1024"
             : "";
}

// Scores of +600 for one key a batch and around -600 for the others.
std::optional<Problem> prepare(const Problem& problem, std::uint64_t seed) {
  if (problem.batch() * problem.q_len() * problem.kv_len() == 0 || problem.scale == 0) return std::nullopt;
  Problem p = problem;
  p.softcap = 0;
  leave_out(p, InputEffect::score);
  p.k = Tensor(problem.k.dtype(), problem.k.shape());
  p.v = Tensor(problem.v.dtype(), problem.v.shape());
  std::vector<double> values = problem.v.values();
  for (double& x : values) x = 1 + std::fabs(x);
  p.v.assign(values);
  std::vector<double> q(static_cast<std::size_t>(p.q.count()), 1);
  p.q.assign(q);
  const double per_channel = p.scale * static_cast<double>(p.qk_dim());
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    const std::int64_t winner = random_below(seed + static_cast<std::uint64_t>(b), p.kv_len());
    for (std::int64_t g = 0; g < p.kv_heads(); ++g) {
      for (std::int64_t j = 0; j < p.kv_len(); ++j) {
        const double score = j == winner ? 600 : -600 - static_cast<double>(j % 5);
        for (std::int64_t c = 0; c < p.qk_dim(); ++c) set_key(p, b, g, j, c, score / per_channel);
      }
    }
  }
  return p;
}

// Keys of a group that win no row of it.
std::vector<KeyAt> losers(const Problem& p, const std::vector<std::int64_t>& winners) {
  std::vector<bool> wins(static_cast<std::size_t>(p.batch() * p.kv_heads() * p.kv_len()), false);
  std::size_t row = 0;
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t) {
    const std::int64_t winner = winners[row++];
    if (winner < 0) return;
    wins[static_cast<std::size_t>((b * p.kv_heads() + oracle::kv_head_of(p, h)) * p.kv_len() + winner)] =
        true;
  });
  std::vector<KeyAt> keys;
  for (std::size_t n = 0; n < wins.size(); ++n) {
    const auto at = static_cast<std::int64_t>(n);
    const std::int64_t head = at / p.kv_len();
    if (!wins[n]) keys.push_back({head / p.kv_heads(), head % p.kv_heads(), at % p.kv_len()});
  }
  return keys;
}

Call changed(const Problem& p, const char* variant, double key_factor) {
  const std::vector<std::int64_t> before = winners_of(p);
  Call call{variant, p};
  for (const KeyAt& at : losers(p, before)) {
    for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
      set_key(call.problem, at.b, at.kv_head, at.key, c,
              key_factor * KeyValue(p).key(at.b, at.kv_head, at.key, c));
    }
    for (std::int64_t c = 0; c < p.v_dim(); ++c) {
      const auto seed = static_cast<std::uint64_t>(at.key * 31 + at.kv_head * 7 + at.b * 3 + c);
      set_value(call.problem, at.b, at.kv_head, at.key, c, 16 + 8 * random_unit(seed));
    }
  }
  std::vector<std::int64_t> after = winners_of(call.problem);
  call.counterpart = [before, after = std::move(after), heads = p.q_heads(),
                      rows = p.q_len()](const Place& at) -> std::optional<Place> {
    const auto row = static_cast<std::size_t>((at.b * heads + at.h) * rows + at.i);
    if (before[row] < 0 || before[row] != after[row]) return std::nullopt;
    return at;
  };
  return call;
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  if (oracle::centres_values(contract)) return {};  // the mean holds every value
  return {changed(p, "other values of keys behind by more than 1024", 1),
          changed(p, "keys even further behind, and other values of theirs", 1.125)};
}

}  // namespace

Law one_hot_gap_law() {
  return {.id = LawId::one_hot_gap,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .prepare = prepare,
          .calls = calls,
          .relate = relate_bits,
          .share = 0.06};
}

}  // namespace attest::laws
