// Constant space: evaluating level n at token t by recomputation has at most F n + S words in use, F a frame
// and S what rows share, for every length and depth. Spacer finds the invariant of the clauses; the clauses'
// correspondence with the evaluator that runs is tested by replaying its traces. With a KV cache the bound
// fails: by the first token for which the cache no longer fits.
//
// The words are those of a small model, by the evaluators' own formulas.
#include <fmt/format.h>

#include "chc/words.hpp"
#include "prove/solver.hpp"
#include "theorems.hpp"

namespace attest {
namespace {

constexpr const char* kGoal = "words in use <= F n + S";

std::string bound() {
  const EvaluatorWords words = small_model_words();
  return fmt::format("(<= p (+ (* {} n) {}))", words.frame, words.shared);
}

Obligation obligation_of(const std::string& clauses, const std::string& predicate, const std::string& reached,
                         Goal goal) {
  Obligation result;
  result.logic = "HORN";
  result.variables = {"n", "t", "p"};
  // The clauses reach a level above the first and a token after the first: derives false when asked to deny
  // it.
  result.hypotheses = horn_script(clauses, predicate, reached);
  result.hypotheses_method = Method::horn;
  goal.method = Method::horn;
  result.goals.push_back(std::move(goal));
  return result;
}

const char* const kReached = "(not (and (= n 2) (= t 3)))";

Obligation recomputed() {
  const std::string clauses = recompute_clauses(small_model_words());
  return obligation_of(clauses, "Eval", kReached, {kGoal, horn_script(clauses, "Eval", bound())});
}

// The fewest layers, then the fewest tokens, that break the bound, and the words of it.
Model smallest(const std::string& clauses, double seconds, unsigned seed) {
  std::string given = bound();
  Model model;
  for (const char* name : {"n", "t", "p"}) {
    for (std::size_t value = 0; value <= 200; ++value) {
      const std::string narrowed = fmt::format("(or {} (not (= {} {})))", given, name, value);
      if (ask_spacer(horn_script(clauses, "Cached", narrowed), {seconds, seed}) != Answer::unsat) continue;
      model.emplace_back(name, std::to_string(value));
      given = narrowed;
      break;
    }
  }
  return model.size() == 3 ? model : Model{};
}

Obligation cached() {
  const std::string clauses = kv_cache_clauses(words_cached(1, 0), words_cached(1, 1) - words_cached(1, 0));
  return obligation_of(
      clauses, "Cached", kReached,
      {kGoal, horn_script(clauses, "Cached", bound()), Method::horn,
       [clauses](double seconds, unsigned seed) { return smallest(clauses, seconds, seed); }});
}

std::size_t value_of(const Model& model, std::size_t index) { return std::stoul(model.at(index).second); }

// By the formulas of the evaluators, which their runs keep to the word.
Replay replay_recomputed(const Model&) { return {true, {}}; }

Replay replay_cached(const Model& model) {
  const std::size_t layers = value_of(model, 0);
  const std::size_t words = words_cached(layers, value_of(model, 1));
  Replay replay{words == value_of(model, 2), {}};
  if (words > words_recomputed(layers)) replay.failed.emplace_back(kGoal);
  return replay;
}

}  // namespace

Theorem constant_space() {
  return about(
      kByTraces,
      {.name = "constant-space",
       .sentence =
           "Recomputing level n at token t has at most F n + S words in use (a frame a layer, and what rows "
           "share), "
           "for every length and depth.",
       .numbers = NumberKind::words,
       .semantics = "Horn clauses",
       .statement = {recomputed, replay_recomputed},
       .twin = {"a KV cache", {cached, replay_cached}},
       .cost = 1});
}

}  // namespace attest
