#include "laws/relations/compare.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "laws/law.hpp"
#include "problem/key_value.hpp"
#include "problem/signature.hpp"

namespace attest::laws {
namespace {

bool same(double first, double second, NaNs nans) {
  if (first == second) return true;
  return nans == NaNs::bits && std::bit_cast<std::uint64_t>(first) == std::bit_cast<std::uint64_t>(second);
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

Comparison compare_bits(const Result& first, const Result& second, NaNs nans, const RowFilter& filter) {
  Comparing comparing(nans);
  if (!filter && nans == NaNs::bits && same_in_memory(first, second)) {
    for (const OutputTensor& output : kForward.outputs) {
      if (const Tensor* tensor = output.of(first)) comparing.skip_same(tensor->count());
    }
    return comparing.finish();
  }
  for_each_row(first.out, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    if (filter && !filter(b, h, i)) return;
    for (const OutputTensor& output : kForward.outputs) {
      const Tensor* x = output.of(first);
      if (x == nullptr || output.of(second) == nullptr) continue;
      for (std::int64_t c = 0; c < row_size(*x); ++c) {
        const Place place{b, h, i, output.output, c};
        comparing.element({place}, number_at(first, place), number_at(second, place));
      }
    }
  });
  return comparing.finish();
}

}  // namespace attest::laws
