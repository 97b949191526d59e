// Evaluators of many layers: cached and recomputed agree, and the recomputed one costs what it should.
#include "attention/layers.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace attest::attention {
namespace {

// Every operation leaves its name, so two values are equal only when they were made in the same way.
struct WrittenDown {
  std::string embed(const std::string& tape, std::size_t t) const { return tape.substr(t, 1); }
  std::string begin(std::size_t layer, const std::string& x) const { return std::to_string(layer) + "(" + x; }
  void absorb(std::size_t, std::string& state, const std::string&, const std::string& y) const {
    state += "," + y;
  }
  std::string finish(std::size_t, const std::string& state, const std::string&) const { return state + ")"; }
};

TEST(Layers, RecomputedEqualsCached) {
  const WrittenDown model;
  const std::string tape = "abcde";
  for (std::size_t layers = 0; layers <= 3; ++layers) {
    CachedLayers cached(model, tape, layers);
    for (std::size_t t = 0; t < tape.size(); ++t) {
      NoTrace trace;
      EXPECT_EQ(recompute(model, tape, layers, t, 5, trace), cached.next()) << layers << " " << t;
    }
    EXPECT_EQ(cached.kept(), layers * tape.size());
  }
  NoTrace trace;
  EXPECT_EQ(recompute(model, tape, 2, 1, 5, trace), "2(1(b,a),1(a))");
}

std::size_t binomial(std::size_t n, std::size_t k) { return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k; }

struct LeavesAndPeak : NoTrace {
  std::size_t leaves = 0, live = 0, peak = 0;
  void leaf(std::size_t) { ++leaves; }
  void enter(std::size_t, std::size_t, std::size_t words) { peak = std::max(peak, live += words); }
  void leave(std::size_t, std::size_t, std::size_t words) { live -= words; }
};

TEST(Layers, RecomputedReadsTheTapeABinomialNumberOfTimesInConstantSpace) {
  const WrittenDown model;
  const std::string tape = "abcdefg";
  for (std::size_t layers = 0; layers <= 4; ++layers) {
    for (std::size_t t = 0; t < tape.size(); ++t) {
      LeavesAndPeak trace;
      recompute(model, tape, layers, t, 5, trace);
      EXPECT_EQ(trace.leaves, binomial(t + layers, layers));
      EXPECT_EQ(trace.peak, 5 * layers);
    }
  }
}

}  // namespace
}  // namespace attest::attention
