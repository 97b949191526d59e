#include "laws/relations/compare.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "laws/law.hpp"

namespace attest::laws {
namespace {

bool same(double first, double second, NaNs nans) {
  if (first == second) return true;
  return nans == NaNs::bits && std::bit_cast<std::uint64_t>(first) == std::bit_cast<std::uint64_t>(second);
}

bool same_bytes(const Tensor& first, const Tensor& second) {
  if (!first.owns_elements() || !second.owns_elements()) return false;
  return first.dtype() == second.dtype() && first.shape() == second.shape() &&
         first.strides() == second.strides() && first.bytes() == second.bytes();
}

double distance(const oracle::Element& e) {
  const double away = std::fabs(e.got - e.expected);
  return std::isnan(away) ? HUGE_VAL : away;
}

class Comparing {
 public:
  explicit Comparing(NaNs nans) : nans_(nans) {}

  void element(const oracle::Element& at, double first, double second) {
    if (nans_ == NaNs::skipped && std::isnan(first)) return;
    ++comparison_.compared;
    if (same(first, second, nans_)) return;
    ++comparison_.differing;
    oracle::Element e = at;
    e.standing = oracle::Standing::violated;
    e.expected = first;
    e.got = second;
    e.ratio = HUGE_VAL;
    comparison_.worst.push_back(e);
    if (comparison_.worst.size() > 64 * kWorstElements) keep_worst(comparison_.worst);
  }

  void skip_same(std::int64_t elements) { comparison_.compared += elements; }

  Comparison finish() {
    keep_worst(comparison_.worst);
    return std::move(comparison_);
  }

 private:
  NaNs nans_;
  Comparison comparison_;
};

}  // namespace

void keep_worst(std::vector<oracle::Element>& elements) {
  std::stable_sort(elements.begin(), elements.end(), [](const oracle::Element& a, const oracle::Element& b) {
    return distance(a) > distance(b);
  });
  if (elements.size() > kWorstElements) elements.resize(kWorstElements);
}

bool same_bytes(const Result& first, const Result& second) {
  if (!same_bytes(first.out, second.out) || first.lse.has_value() != second.lse.has_value()) return false;
  return !first.lse || same_bytes(*first.lse, *second.lse);
}

Comparison compare_bits(const Result& first, const Result& second, NaNs nans, const RowFilter& filter) {
  Comparing comparing(nans);
  if (!filter && nans == NaNs::bits && same_bytes(first, second)) {
    comparing.skip_same(first.out.count() + (first.lse ? first.lse->count() : 0));
    return comparing.finish();
  }
  const Tensor& out = first.out;
  for (std::int64_t b = 0; b < out.dim(0); ++b) {
    for (std::int64_t h = 0; h < out.dim(1); ++h) {
      for (std::int64_t i = 0; i < out.dim(2); ++i) {
        if (filter && !filter(b, h, i)) continue;
        for (std::int64_t c = 0; c < out.dim(3); ++c) {
          comparing.element({{b, h, i, Output::out, c}}, out.at({b, h, i, c}), second.out.at({b, h, i, c}));
        }
        if (!first.lse || !second.lse) continue;
        comparing.element({{b, h, i, Output::lse}}, first.lse->at({b, h, i}), second.lse->at({b, h, i}));
      }
    }
  }
  return comparing.finish();
}

}  // namespace attest::laws
