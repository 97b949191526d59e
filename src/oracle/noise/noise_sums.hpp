// Squares of errors added up: of keys that err alike, and of the additions of one sum.
#pragma once

#include <cstddef>
#include <vector>

#include "oracle/noise/noise.hpp"
#include "oracle/noise/noise_keys.hpp"

namespace attest::oracle {

/// Squares of sums over keys that err alike; at least those of the keys one by one, as equal keys need not
/// err alike where tiles have different shifts.
class GroupedSquares {
 public:
  explicit GroupedSquares(const Alike& alike) : alike_(alike), sums_(alike.all_apart() ? 0 : alike.groups) {}

  void add(std::size_t key, double x);
  /// The sum so far; the next begins.
  double take();

 private:
  const Alike& alike_;
  std::vector<double> sums_;
  double squares_ = 0;
};

/// Noise of adding terms up, one after the other or in a tree of `depth` levels.
class NoisySum {
 public:
  NoisySum(double u, double depth, std::size_t n, bool repeats)
      : u_(u), depth_(depth), n_(static_cast<double>(n)), repeats_(repeats), cells_(repeats ? 4 * n : 0) {}

  /// `total` is what the terms add up to.
  Noise of(const std::vector<double>& terms, double total);

 private:
  double repeated(const std::vector<double>& terms, double unit);

  double u_, depth_, n_;
  bool repeats_;
  std::vector<double> cells_;
};

}  // namespace attest::oracle
