#include "oracle/judge/number_judge.hpp"

#include <cmath>

namespace attest::oracle {
namespace {

constexpr double kUseless = HUGE_VAL;

Standing standing_of(Element& e, const NumberStandard& standard) {
  if (!standard.in_range) return Standing::out_of_range;
  if (!(e.bound < kUseless)) return Standing::uninformative;
  const double away = distance(e.got, standard.exact);
  e.ratio = away == 0 ? 0 : away / e.bound;
  // The subtraction in `distance` rounds; give the kernel the benefit.
  if (e.ratio > 1 + 0x1p-50) return Standing::violated;
  return standard.informative ? Standing::within : Standing::uninformative;
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

double distance(double got, const Known& known) {
  if (!std::isfinite(got) || !std::isfinite(known.hi)) return got == known.hi ? 0 : HUGE_VAL;
  return std::fabs((got - known.hi) - known.lo);
}

void NumberJudge::judge(const Place& place, double got, const NumberStandard& standard) {
  Element e{place, {}, got, standard.exact.hi + standard.exact.lo, standard.bound};
  e.standing = standing_of(e, standard);
  count(judgement_.tally(e.output), e);
  if (e.standing == Standing::violated && judgement_.violations.size() < max_violations_) {
    judgement_.violations.push_back(e);
  }
  const bool counts = e.standing == Standing::within || e.standing == Standing::violated;
  if (!counts) return;
  if (!(e.ratio <= largest_ratio_)) largest_ratio_ = std::isnan(e.ratio) ? HUGE_VAL : e.ratio;
  if (e.ratio >= judgement_.worst.ratio) judgement_.worst = e;
}

void NumberJudge::end_row(std::int64_t keys) {
  if (largest_ratio_ >= 0) judgement_.by_length.add(keys, largest_ratio_);
  largest_ratio_ = -1;
}

}  // namespace attest::oracle
