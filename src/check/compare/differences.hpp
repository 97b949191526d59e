// How far the results of two kernels are apart.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "check/outline/features.hpp"
#include "check/outline/shape_class.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/problem.hpp"

namespace attest::check {

/// Counts over outputs, lse included. -0 equals +0, and NaN equals NaN.
struct Differences {
  std::int64_t cases = 0, equal_cases = 0;  ///< that both answered; of these, with equal bits throughout
  std::int64_t outputs = 0;
  std::int64_t equal = 0;         ///< with equal bits
  std::int64_t unlike = 0;        ///< one is finite and the other is not, or they are different infinities
  double largest_ulp = 0;         ///< of the others
  std::int64_t beyond = 0;        ///< of those in `ratios`, further apart than the sum of both bounds
  oracle::RatioHistogram ratios;  ///< |a - b| over the sum of both bounds, where both say something

  void merge(const Differences& other);
};

/// One output of both kernels.
struct DifferingOutput : Place {
  std::string where;  ///< the case in words
  double first = 0, second = 0;
  double expected = 0;                       ///< the exact result, rounded to double
  double first_bound = 0, second_bound = 0;  ///< radius included
  double ratio = -1;                         ///< |first - second| over the sum; negative: there is none
};

/// Collects the differences of a pair of kernels, in all and by feature and class of shapes.
class DifferenceBook {
 public:
  using Named = std::vector<std::pair<std::string, Differences>>;

  /// Results of one problem, judged under these contracts. Bounds are taken of every row, or of a few rows of
  /// a large problem.
  void add(const Problem& problem, const Result& first, const Result& second,
           const oracle::ContractSet& first_contract, const oracle::ContractSet& second_contract);

  const Differences& all() const { return all_; }
  const DifferingOutput& farthest() const { return farthest_; }
  /// Those that any case had.
  Named by_feature() const;
  Named by_shape() const;

 private:
  Differences all_;
  DifferingOutput farthest_;
  std::array<Differences, kFeatures> features_;
  std::array<Differences, kShapeClasses> shapes_;
};

/// How many representable numbers of the dtype lie between two finite ones, plus 1; 0: they are equal.
double ulps_between(DType dtype, double a, double b);

}  // namespace attest::check
