#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "oracle/judge/judge.hpp"

namespace attest::oracle {
namespace {

constexpr int kBinsPerOctave = 8;
constexpr int kLowestExponent = -40;

// 2^(k/8 - 1), the bins' upper edges in [1/2, 1].
const std::array<double, kBinsPerOctave + 1>& edges_of_an_octave() {
  static const auto edges = [] {
    std::array<double, kBinsPerOctave + 1> all{};
    for (int k = 0; k <= kBinsPerOctave; ++k)
      all[static_cast<std::size_t>(k)] = std::exp2(static_cast<double>(k) / kBinsPerOctave - 1);
    return all;
  }();
  return edges;
}

}  // namespace

void RatioHistogram::add(double ratio) {
  int bin = 0;
  if (std::isnan(ratio) || ratio > 1e3) {
    bin = kBins - 1;
  } else if (ratio > 0) {
    // frexp by hand, as every judged element comes here; subnormal ratios belong in the lowest bin anyway.
    constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52) - 1;
    const auto bits = std::bit_cast<std::uint64_t>(ratio);
    const int exponent = static_cast<int>(bits >> 52) - 1022;
    const auto mantissa =
        std::bit_cast<double>((bits & kFraction) | std::uint64_t{1022} << 52);  // in [1/2, 1)
    int below = 0;
    for (const double edge : edges_of_an_octave()) below += edge < mantissa ? 1 : 0;
    bin = std::clamp((exponent - 1 - kLowestExponent) * kBinsPerOctave + below, 0, kBins - 1);
  }
  ++bins_[static_cast<std::size_t>(bin)];
  ++count_;
  if (!(ratio <= max_)) max_ = std::isnan(ratio) ? HUGE_VAL : ratio;
}

RatioHistogram RatioHistogram::of(const Bins& bins, double max) {
  RatioHistogram histogram;
  histogram.bins_ = bins;
  for (const std::int64_t bin : bins) histogram.count_ += bin;
  histogram.max_ = max;
  return histogram;
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

std::vector<RatioHistogram::Octave> RatioHistogram::octaves() const {
  std::vector<Octave> octaves;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    // Bin 0 holds 2^-40 and less; bins 1 to 8 end at 2^-39.
    const std::size_t octave = i == 0 ? 0 : (i - 1) / kBinsPerOctave;
    if (octave == octaves.size())
      octaves.push_back({std::exp2(static_cast<double>(octave) + kLowestExponent + 1), 0});
    octaves.back().count += bins_[i];
  }
  const auto holds_any = [](const Octave& octave) { return octave.count > 0; };
  octaves.erase(std::find_if(octaves.rbegin(), octaves.rend(), holds_any).base(), octaves.end());
  octaves.erase(octaves.begin(), std::find_if(octaves.begin(), octaves.end(), holds_any));
  return octaves;
}

void RatiosByLength::add(std::int64_t keys, double ratio) {
  const auto at =
      static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(keys > 0 ? keys - 1 : 0)));
  Entry& entry = entries_[std::min(at, kEntries - 1)];
  ++entry.rows;
  if (!(ratio <= entry.largest)) entry.largest = std::isnan(ratio) ? HUGE_VAL : ratio;
}

void RatiosByLength::merge(const RatiosByLength& other) {
  for (std::size_t k = 0; k < kEntries; ++k) {
    entries_[k].rows += other.entries_[k].rows;
    entries_[k].largest = std::max(entries_[k].largest, other.entries_[k].largest);
  }
}

void RowLengths::merge(const RowLengths& other) {
  longest_informative = std::max(longest_informative, other.longest_informative);
  if (!other.shortest_uninformative) return;
  shortest_uninformative =
      std::min(shortest_uninformative.value_or(*other.shortest_uninformative), *other.shortest_uninformative);
}

void Tally::merge(const Tally& other) {
  within += other.within;
  violated += other.violated;
  out_of_range += other.out_of_range;
  uninformative += other.uninformative;
  ratios.merge(other.ratios);
}

}  // namespace attest::oracle
