#include <algorithm>
#include <cmath>

#include "oracle/judge.hpp"

namespace attest {
namespace {

constexpr int kBinsPerOctave = 8;
constexpr int kLowestExponent = -40;

}  // namespace

void RatioHistogram::add(double ratio) {
  int bin = 0;
  if (std::isnan(ratio) || ratio > 1e3) {
    bin = kBins - 1;
  } else if (ratio > 0) {
    const double position = std::ceil((std::log2(ratio) - kLowestExponent) * kBinsPerOctave);
    bin = std::clamp(static_cast<int>(position), 0, kBins - 1);
  }
  ++bins_[static_cast<std::size_t>(bin)];
  ++count_;
  if (!(ratio <= max_)) max_ = std::isnan(ratio) ? HUGE_VAL : ratio;
}

void RatioHistogram::merge(const RatioHistogram& other) {
  for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

double RatioHistogram::median() const {
  if (count_ == 0) return 0;
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    seen += bins_[i];
    if (2 * seen >= count_) {
      return std::exp2(static_cast<double>(i) / kBinsPerOctave + kLowestExponent);
    }
  }
  return max_;
}

void Tally::merge(const Tally& other) {
  within += other.within;
  violated += other.violated;
  out_of_range += other.out_of_range;
  uninformative += other.uninformative;
  ratios.merge(other.ratios);
}

}  // namespace attest
