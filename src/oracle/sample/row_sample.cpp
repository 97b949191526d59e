#include "oracle/sample/row_sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "numerics/random_value.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::oracle {
namespace {

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : state_(mixed(seed ^ 0x726f7773)) {}
  /// In [0, n). The bias of the remainder is below 2^-30 for fewer than 2^34 rows.
  std::int64_t below(std::int64_t n) { return random_below(state_++, n); }

 private:
  std::uint64_t state_;
};

// Rows in the order of the outputs: (b * q_heads + h) * q_len + i.
class Selecting {
 public:
  Selecting(const Problem& problem, const RowSample& sample)
      : p_(problem), stream_(sample.seed), total_(p_.batch() * p_.q_heads() * p_.q_len()) {
    wanted_ = std::clamp<std::int64_t>(sample.rows, 0, total_);
    coverage_ = {total_, wanted_, 0};
  }

  RowSelection run(const OutputScan& scan, std::int64_t most) {
    if (wanted_ < total_) {
      add_edges();
      add_ends();
    }
    coverage_.fixed = static_cast<std::int64_t>(chosen_.size());
    const std::set<std::int64_t> by_place = chosen_;
    add_uniform();
    const std::set<std::int64_t> sampled = chosen_;
    for (const auto* suspects : {&scan.not_finite, &scan.outside}) {
      std::vector<std::int64_t> others;
      for (const std::int64_t row : *suspects) {
        if (!sampled.contains(row)) others.push_back(row);
        // What it holds has singled it out, so that the rest of the sample is drawn from the other rows.
        if (sampled.contains(row) && !by_place.contains(row)) ++coverage_.fixed;
      }
      most -= add_spread(others, most);
    }
    coverage_.judged = static_cast<std::int64_t>(chosen_.size());
    return by_head();
  }

 private:
  bool room_for_fixed() const { return static_cast<std::int64_t>(chosen_.size()) < wanted_ / 2; }
  std::int64_t heads() const { return p_.batch() * p_.q_heads(); }

  void fix(std::int64_t head, std::int64_t i) {
    if (i >= 0 && i < p_.q_len() && room_for_fixed()) chosen_.insert(head * p_.q_len() + i);
  }

  void add_edges() {
    const std::int64_t longest = std::max(p_.q_len(), p_.kv_len());
    for (std::int64_t edge = 16; edge <= longest; edge *= 2) {
      for (const std::int64_t i : {edge - 1, edge}) {
        fix(stream_.below(heads()), i);
        const std::int64_t head = stream_.below(heads());
        if (p_.causal != Causal::none) fix(head, i - position_of(p_, head / p_.q_heads(), 0));
      }
    }
  }

  // A random order without an array of it: steps of a number that shares no factor with the heads.
  void add_ends() {
    std::int64_t step = 1 + stream_.below(heads());
    while (std::gcd(step, heads()) != 1) ++step;
    std::int64_t head = stream_.below(heads());
    for (std::int64_t k = 0; k < heads() && room_for_fixed(); ++k, head = (head + step) % heads()) {
      fix(head, p_.q_len() - 1);
      fix(head, 0);
    }
  }

  // Floyd's sample (Bentley and Floyd 1987): every set of the rest is equally likely. The k-th row that is
  // not fixed is found by counting the fixed ones before it.
  void add_uniform() {
    const std::vector<std::int64_t> fixed(chosen_.begin(), chosen_.end());
    const std::int64_t rest = total_ - coverage_.fixed;
    const std::int64_t wanted = wanted_ - coverage_.fixed;
    std::set<std::int64_t> ranks;
    for (std::int64_t top = rest - wanted; top < rest; ++top) {
      const std::int64_t rank = stream_.below(top + 1);
      ranks.insert(ranks.contains(rank) ? top : rank);
    }
    std::size_t before = 0;
    for (const std::int64_t rank : ranks) {
      while (before < fixed.size() && fixed[before] <= rank + static_cast<std::int64_t>(before)) ++before;
      chosen_.insert(rank + static_cast<std::int64_t>(before));
    }
  }

  // Adds at most so many of the rows and counts the others; returns how many it added.
  std::int64_t add_spread(const std::vector<std::int64_t>& rows, std::int64_t most) {
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t added = std::min(count, most);
    for (std::int64_t k = 0; k < added; ++k)
      chosen_.insert(rows[static_cast<std::size_t>(k * count / added)]);
    coverage_.fixed += added;
    coverage_.suspicious += count - added;
    return added;
  }

  RowSelection by_head() const {
    RowSelection selection{coverage_, {}};
    for (const std::int64_t row : chosen_) {
      const std::int64_t head = row / p_.q_len();
      const std::int64_t b = head / p_.q_heads();
      const std::int64_t h = head % p_.q_heads();
      auto& heads = selection.heads;
      if (heads.empty() || heads.back().b != b || heads.back().h != h) heads.push_back({b, h, {}});
      heads.back().rows.push_back(row % p_.q_len());
    }
    return selection;
  }

  const Problem& p_;
  Stream stream_;
  std::int64_t total_ = 0, wanted_ = 0;
  RowCoverage coverage_;
  std::set<std::int64_t> chosen_;
};

}  // namespace

double RowCoverage::probability_of_seeing(std::int64_t faulty) const {
  const std::int64_t n = total - fixed;
  const std::int64_t drawn = judged - fixed;
  if (faulty <= 0) return 0;
  if (faulty > n - drawn) return 1;
  // C(N - F, m) / C(N, m) is a product of m factors, or of F.
  const std::int64_t factors = std::min(faulty, drawn);
  const auto other = static_cast<double>(std::max(faulty, drawn));
  double log_missed = 0;
  for (std::int64_t i = 0; i < factors; ++i) log_missed += std::log1p(-other / static_cast<double>(n - i));
  return -std::expm1(log_missed);
}

std::int64_t RowCoverage::least_seen(double probability) const {
  std::int64_t unseen = 0;
  std::int64_t seen = total - judged + 1;  // one more than there are unjudged rows
  while (seen - unseen > 1) {
    const std::int64_t middle = unseen + (seen - unseen) / 2;
    (probability_of_seeing(middle) >= probability ? seen : unseen) = middle;
  }
  return seen;
}

RowSelection select_rows(const Problem& problem, const RowSample& sample) {
  return select_rows(problem, sample, {}, 0);
}

RowSelection select_rows(const Problem& problem, const RowSample& sample, const OutputScan& scan,
                         std::int64_t most) {
  return Selecting(problem, sample).run(scan, most);
}

}  // namespace attest::oracle
