// Evaluators of many layers: cached and recomputed agree, and the recomputed one costs what it should.
#include "attention/layers.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace attest {
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
      EXPECT_EQ(recompute(model, tape, layers, t, {5, 1}, 0, trace), cached.next()) << layers << " " << t;
    }
    EXPECT_EQ(cached.kept(), layers * tape.size());
  }
  NoTrace trace;
  EXPECT_EQ(recompute(model, tape, 2, 1, {5, 1}, 0, trace), "2(1(b,a),1(a))");
}

std::size_t binomial(std::size_t n, std::size_t k) { return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k; }

TEST(Layers, RecomputedReadsTheTapeABinomialNumberOfTimesInConstantSpace) {
  const WrittenDown model;
  const std::string tape = "abcdefg";
  for (std::size_t layers = 0; layers <= 4; ++layers) {
    for (std::size_t t = 0; t < tape.size(); ++t) {
      RecordedTrace trace;
      recompute(model, tape, layers, t, {5, 3}, 0, trace);
      std::size_t leaves = 0;
      std::size_t peak = 0;
      for (const EvaluatorEvent& event : trace.events) {
        leaves += event.kind == EvaluatorEvent::Kind::enter && event.level == 0 ? 1 : 0;
        peak = std::max(peak, event.live_words);
      }
      EXPECT_EQ(leaves, binomial(t + layers, layers));
      EXPECT_EQ(peak, 5 * layers + 3);
    }
  }
}

}  // namespace
}  // namespace attest
