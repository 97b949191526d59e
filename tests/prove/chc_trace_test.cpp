// The Horn clauses of constant space are the evaluator that runs: every event of its trace is a fact that
// they derive, with the words that were in use and no fewer, and the KV cache's clauses have the cache's own
// words.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "attention/layers.hpp"
#include "attention/transformer/kv_cache.hpp"
#include "attention/transformer/recompute.hpp"
#include "chc/clauses.hpp"
#include "semantics/native.hpp"

namespace attest::prove {
namespace {

// The facts that a run claims, by its own events: words in use are the frames that were entered and not left,
// and what rows share.
struct Facts {
  struct Evaluation {
    std::size_t level, token, peak;
  };
  std::size_t shared = 0;
  std::size_t live = 0;
  std::vector<Evaluation> open = {};
  std::set<std::string> facts = {};
  std::size_t peak = 0;

  void use(std::size_t words) {
    peak = std::max(peak, words);
    for (Evaluation& evaluation : open) evaluation.peak = std::max(evaluation.peak, words);
  }
};

struct FactsTrace : attention::NoTrace {
  Facts* f;  ///< not owned

  FactsTrace(Facts* facts, std::size_t frame_words) : f(facts), frame(frame_words) {}
  void enter(std::size_t level, std::size_t t, std::size_t words) const {
    f->open.push_back({level, t, 0});
    f->live += words;
    f->use(f->live + f->shared);
  }
  void loop(std::size_t level, std::size_t t, std::size_t j) const {
    f->facts.insert(fmt::format("(Loop {} {} {} {})", level, t, j, own_peak()));
  }
  void leave(std::size_t level, std::size_t t, std::size_t words) const {
    f->live -= words;
    f->facts.insert(fmt::format("(Eval {} {} {})", level, t, f->open.back().peak - f->live));
    f->open.pop_back();
  }
  void leaf(std::size_t j) const {
    f->use(f->live + f->shared);
    f->facts.insert(fmt::format("(Eval 0 {} {})", j, f->shared));
  }
  /// Words of a summary are those of the evaluation alone, without its callers' frames.
  std::size_t own_peak() const { return f->open.back().peak - (f->live - frame); }

  std::size_t frame;  ///< words of one
};

constexpr attention::ModelShape kShape{.layers = 2,
                                       .hidden = 2,
                                       .q_heads = 2,
                                       .kv_heads = 1,
                                       .head_dim = 2,
                                       .mlp_hidden = 3,
                                       .vocabulary = 5,
                                       .prefix = 0};
constexpr std::size_t kFrame = attention::frame_words(kShape).total();
constexpr std::size_t kShared =
    (attention::key_value_words(kShape) + attention::scratch_words(kShape)).total();

Facts facts_of_the_transformer(std::size_t token) {
  const semantics::F32 k;
  const auto model = attention::model_in(k, attention::random_model(kShape, 1));
  const std::vector<std::uint32_t> tape{1, 4, 2, 3};
  const attention::Words words = attention::recompute_words(kShape);
  std::vector<float> numbers(words.numbers), maxima(words.maxima);
  Facts facts{kShared};
  FactsTrace trace(&facts, kFrame);
  attention::recompute_row<semantics::F32>(k, model, tape, token, {numbers, maxima}, trace);
  return facts;
}

// Every fact of the form with other words must not follow.
std::string with_fewer_words(const std::string& fact) {
  const std::size_t at = fact.rfind(' ');
  return fmt::format("{} {})", fact.substr(0, at), std::stoul(fact.substr(at + 1)) - 1);
}

void expect_derived(const Facts& facts, const std::string& clauses) {
  EXPECT_GT(facts.facts.size(), 5U);
  for (const std::string& fact : facts.facts) {
    EXPECT_TRUE(proofs::derives(clauses, fact)) << fact;
    EXPECT_FALSE(proofs::derives(clauses, with_fewer_words(fact))) << fact;
  }
}

TEST(HornClauses, DeriveEveryEventOfTheTransformersRecomputation) {
  const Facts facts = facts_of_the_transformer(2);
  EXPECT_EQ(facts.peak, attention::recompute_words(kShape).total());
  EXPECT_EQ(facts.live, 0U);
  expect_derived(facts, proofs::recompute_clauses({kFrame, kShared}));
}

// The evaluator of layers.hpp, about which layers-recompute is proved, is the same transition system.
TEST(HornClauses, DeriveEveryEventOfRecomputedLayers) {
  struct Sum {
    int embed(const std::vector<int>& tape, std::size_t t) const { return tape[t]; }
    int begin(std::size_t, int x) const { return x; }
    void absorb(std::size_t, int& state, int, int y) const { state += y; }
    int finish(std::size_t, int state, int) const { return state; }
  };
  Facts facts{3};
  FactsTrace trace(&facts, 5);
  attention::recompute(Sum{}, std::vector<int>{1, 2, 3, 4}, 3, 1, 5, trace);
  EXPECT_EQ(facts.peak, 5U * 3 + 3);
  expect_derived(facts, proofs::recompute_clauses({5, 3}));
}

// Clauses of another program do not derive the trace: a frame that is never released.
TEST(HornClauses, OfAnEvaluatorWithLargerFramesDoNotFit) {
  const Facts facts = facts_of_the_transformer(1);
  const std::string clauses = proofs::recompute_clauses({kFrame + 1, kShared});
  EXPECT_TRUE(std::any_of(facts.facts.begin(), facts.facts.end(),
                          [&](const std::string& fact) { return !proofs::derives(clauses, fact); }));
}

TEST(HornClauses, OfTheKvCacheHaveItsWords) {
  const std::string clauses = proofs::kv_cache_clauses(attention::kv_cache_words(kShape, 0).total(),
                                                       attention::key_value_words(kShape).total());
  for (std::size_t layers = 1; layers <= 2; ++layers) {
    for (std::size_t t = 0; t <= 3; ++t) {
      attention::ModelShape shape = kShape;
      shape.layers = layers;
      const std::size_t words = attention::kv_cache_words(shape, t).total();
      EXPECT_TRUE(proofs::derives(clauses, fmt::format("(Cached {} {} {})", layers, t, words)));
      EXPECT_FALSE(proofs::derives(clauses, fmt::format("(Cached {} {} {})", layers, t, words + 1)));
    }
  }
}

}  // namespace
}  // namespace attest::prove
