#include "oracle/judge/forward_row.hpp"

#include <cmath>
#include <vector>

#include "oracle/definition/row.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::oracle {

ForwardRow::ForwardRow(const Problem& problem, const Standards& standards, RowKeys& row_keys, std::int64_t b,
                       std::int64_t h, std::int64_t i) {
  const std::vector<std::int64_t> keys = visible_keys(problem, b, h, i);
  keys_ = static_cast<std::int64_t>(keys.size());
  if (!keys.empty()) {
    standard_ = standards.of(row_keys, b, h, i, keys);
  } else if (const Row row = gather_row(problem, b, h, i, keys); row.sink) {
    standard_ = standards.of(row);
  }
}

std::optional<Tier> ForwardRow::tier() const {
  if (keys_ == 0) return Tier::exact;
  return standard_ ? std::optional(standard_->tier) : std::nullopt;
}

NumberStandard ForwardRow::of(Output output, std::int64_t channel, double got) const {
  if (keys_ > 0 && !standard_) return out_of_range();
  return output == Output::out ? of_out(channel, got) : of_lse();
}

NumberStandard ForwardRow::of_out(std::int64_t channel, double got) const {
  if (keys_ == 0) return exactly(0);
  const ChannelStandard& standard = standard_->out[static_cast<std::size_t>(channel)];
  const double bound = standard.smallest_bound();
  return {
      .exact = standard.exact,
      .bound = standard.reach(got),
      .in_range = standard.in_range,
      .informative = standard.values.zero() ? bound < HUGE_VAL : bound < informative_limit(standard.values)};
}

NumberStandard ForwardRow::of_lse() const {
  if (keys_ == 0 && !standard_) return exactly(-HUGE_VAL);
  // A leaked or lost key among n equals 1/n of the sum: 1/16 is what a row of a few keys can show.
  return {.exact = standard_->lse,
          .bound = standard_->lse_bound + standard_->lse.radius,
          .in_range = standard_->lse_in_range,
          .informative = keys_ == 0 || standard_->lse_bound < 1.0 / 16};
}

}  // namespace attest::oracle
