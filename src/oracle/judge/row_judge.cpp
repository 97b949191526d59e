#include "oracle/judge/row_judge.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/definition/row.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::oracle {
namespace {

constexpr double kUseless = HUGE_VAL;
constexpr std::int64_t kLongRow = 1 << 13;  // keys; the row path takes its whole keys and values in f64

// How far `got` is from the known value, or infinity when it is not a finite number.
double distance(double got, const Known& known) {
  if (!std::isfinite(got)) return HUGE_VAL;
  return std::fabs((got - known.hi) - known.lo);
}

// `bound`: radius included.
Standing standing_of(Element& e, const Known& known, double bound, bool in_range, bool informative) {
  e.expected = known.hi + known.lo;
  e.bound = bound;
  if (!in_range) return Standing::out_of_range;
  if (!(e.bound < kUseless)) return Standing::uninformative;
  const double away = distance(e.got, known);
  e.ratio = away == 0 ? 0 : away / e.bound;
  // The subtraction above rounds; give the kernel the benefit.
  if (e.ratio > 1 + 0x1p-50) return Standing::violated;
  return informative ? Standing::within : Standing::uninformative;
}

void count(Tally& tally, const Element& e) {
  switch (e.standing) {
    case Standing::within:
      ++tally.within;
      break;
    case Standing::violated:
      ++tally.violated;
      break;
    case Standing::out_of_range:
      ++tally.out_of_range;
      return;
    case Standing::uninformative:
      ++tally.uninformative;
      return;
  }
  tally.ratios.add(e.ratio);
}

}  // namespace

void RowJudge::read_result(std::int64_t b, std::int64_t h, std::int64_t i) {
  const Tensor& out = result_.out;
  const auto& strides = out.strides();
  const std::int64_t first = b * strides[0] + h * strides[1] + i * strides[2];
  got_.resize(static_cast<std::size_t>(p_.v_dim()));
  decode_run(out.dtype(), out.data() + first * static_cast<std::int64_t>(size_of(out.dtype())), strides[3],
             p_.v_dim(), got_.data());
}

void RowJudge::judge_row(std::int64_t b, std::int64_t h, std::int64_t i) {
  read_result(b, h, i);
  judge_by_row(b, h, i);
  note_length(b, i);
}

// A row's ratios count together.
void RowJudge::note_length(std::int64_t b, std::int64_t i) {
  const KeyRange range = key_range(p_, b, i);
  if (largest_ratio_ >= 0) judgement_.by_length.add(range.end - range.begin, largest_ratio_);
  largest_ratio_ = -1;
}

void RowJudge::judge_by_row(std::int64_t b, std::int64_t h, std::int64_t i) {
  const std::vector<std::int64_t> keys = visible_keys(p_, b, h, i);
  if (keys.empty()) return judge_empty(b, h, i, gather_row(p_, b, h, i, keys));
  const StandardMemo::Shared standard = standards_.of(row_keys_, b, h, i, keys);
  if (standard == nullptr) return mark_row(b, h, i, Standing::out_of_range);
  ++judgement_.rows_by_tier[static_cast<std::size_t>(standard->tier)];
  std::int64_t informative = 0;
  RowLengths lengths;
  const auto number = static_cast<std::int64_t>(keys.size());
  for (std::int64_t c = 0; c < p_.v_dim(); ++c) {
    const ChannelStandard& channel = standard->out[static_cast<std::size_t>(c)];
    const bool in_range = channel.in_range;
    const double bound = channel.smallest_bound();
    const bool says_something =
        channel.values.zero() ? bound < kUseless : bound < informative_limit(channel.values);
    Element e{{b, h, i, Output::out, c}, {}, got_[static_cast<std::size_t>(c)]};
    e.standing = standing_of(e, channel.exact, channel.reach(e.got), in_range, says_something);
    record(e);
    if (in_range && says_something) ++informative;
    if (in_range && !says_something) lengths.shortest_uninformative = number;
  }
  if (informative == p_.v_dim()) lengths.longest_informative = number;
  judgement_.lengths.merge(lengths);
  if (!result_.lse) return;
  Element e{{b, h, i, Output::lse}, {}, result_.lse->at({b, h, i})};
  // A leaked or lost key among n equals 1/n of the sum: 1/16 is what a row of a few keys can show.
  const double bound = standard->lse_bound;
  e.standing =
      standing_of(e, standard->lse, bound + standard->lse.radius, standard->lse_in_range, bound < 1.0 / 16);
  record(e);
}

bool RowJudge::decides(std::int64_t b, std::int64_t h, std::int64_t i,
                       const blocked::CertifiedRow& row) const {
  const KeyRange range = key_range(p_, b, i);
  const bool also_against = sampled_ && range.end - range.begin > kLongRow;
  // distance rounds; so does the sum.
  const auto decided = [also_against](double got, const blocked::CertifiedValue& value) {
    const double away = distance(got, value.known);
    const bool inside = value.low <= got && got <= value.high;
    const double least = inside ? value.least_bound_inside : value.least_bound;
    if ((away + value.known.radius) * (1 + 0x1p-50) <= least) return true;
    return also_against && away > (value.bound + value.known.radius) * (1 + 0x1p-49);
  };
  if (!row.usable) return false;
  for (std::int64_t c = 0; c < p_.v_dim(); ++c) {
    const auto at = static_cast<std::size_t>(c);
    if (!decided(got_[at], row.out[at])) return false;
  }
  return !result_.lse || decided(result_.lse->at({b, h, i}), row.lse);
}

void RowJudge::judge_row(std::int64_t b, std::int64_t h, std::int64_t i, const blocked::CertifiedRow& row) {
  read_result(b, h, i);
  judge_read_row(b, h, i, row);
  note_length(b, i);
}

void RowJudge::judge_read_row(std::int64_t b, std::int64_t h, std::int64_t i,
                              const blocked::CertifiedRow& row) {
  if (!decides(b, h, i, row)) return judge_by_row(b, h, i);
  ++judgement_.rows_by_tier[static_cast<std::size_t>(row.tier)];
  for (std::int64_t c = 0; c < p_.v_dim(); ++c) {
    const blocked::CertifiedValue& value = row.out[static_cast<std::size_t>(c)];
    Element e{{b, h, i, Output::out, c}, {}, got_[static_cast<std::size_t>(c)]};
    e.standing = standing_of(e, value.known, value.bound + value.known.radius, true, true);
    record(e);
  }
  const KeyRange range = key_range(p_, b, i);
  if (range.end - range.begin > judgement_.lengths.longest_informative) {
    const auto keys = static_cast<std::int64_t>(visible_keys(p_, b, h, i).size());
    judgement_.lengths.merge({keys, {}});
  }
  if (!result_.lse) return;
  Element e{{b, h, i, Output::lse}, {}, result_.lse->at({b, h, i})};
  e.standing = standing_of(e, row.lse.known, row.lse.bound + row.lse.known.radius, true, true);
  record(e);
}

// No visible key: the output is exactly 0, lse is exactly -inf; with a sink lse is the sink, to one
// rounding of each step of an lse of one term.
void RowJudge::judge_empty(std::int64_t b, std::int64_t h, std::int64_t i, const Row& row) {
  ++judgement_.rows_by_tier[static_cast<std::size_t>(Tier::exact)];
  for (std::int64_t c = 0; c < row.v_dim; ++c) {
    const double got = got_[static_cast<std::size_t>(c)];
    Element e{{b, h, i, Output::out, c}, got == 0 ? Standing::within : Standing::violated, got};
    e.ratio = got == 0 ? 0 : HUGE_VAL;
    record(e);
  }
  if (!result_.lse) return;
  Element e{{b, h, i, Output::lse}, {}, result_.lse->at({b, h, i})};
  if (row.sink) {
    const StandardMemo::Shared standard = standards_.of(row);
    e.standing = standing_of(e, standard->lse, standard->lse_bound + standard->lse.radius,
                             standard->lse_in_range, true);
  } else {
    e.expected = -HUGE_VAL;
    e.standing = e.got == -HUGE_VAL ? Standing::within : Standing::violated;
    e.ratio = e.got == -HUGE_VAL ? 0 : HUGE_VAL;
  }
  record(e);
}

void RowJudge::mark_row(std::int64_t b, std::int64_t h, std::int64_t i, Standing standing) {
  for (std::int64_t c = 0; c < p_.v_dim(); ++c)
    record({{b, h, i, Output::out, c}, standing, got_[static_cast<std::size_t>(c)]});
  if (result_.lse) record({{b, h, i, Output::lse}, standing, result_.lse->at({b, h, i})});
}

void RowJudge::record(const Element& e) {
  count(judgement_.tally(e.output), e);
  if (e.standing == Standing::violated && judgement_.violations.size() < max_violations_) {
    judgement_.violations.push_back(e);
  }
  const bool counts = e.standing == Standing::within || e.standing == Standing::violated;
  if (!counts) return;
  if (!(e.ratio <= largest_ratio_)) largest_ratio_ = std::isnan(e.ratio) ? HUGE_VAL : e.ratio;
  if (e.ratio >= judgement_.worst.ratio) judgement_.worst = e;
}

}  // namespace attest::oracle
