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

namespace attest::proofs {
namespace {

constexpr const char* kGoal = "words in use <= F n + S";

std::string bound() {
  const EvaluatorWords words = small_model_words();
  return fmt::format("(<= p (+ (* {} n) {}))", words.frame, words.shared);
}

prove::Obligation obligation_of(const std::string& clauses, const std::string& predicate,
                                const std::string& reached, prove::Goal goal) {
  prove::Obligation result;
  result.logic = "HORN";
  result.variables = {"n", "t", "p"};
  // The clauses reach a level above the first and a token after the first: derives false when asked to deny
  // it.
  result.hypotheses = horn_script(clauses, predicate, reached);
  result.hypotheses_method = prove::Method::horn;
  goal.method = prove::Method::horn;
  result.goals.push_back(std::move(goal));
  return result;
}

const char* const kReached = "(not (and (= n 2) (= t 3)))";

prove::Obligation recomputed() {
  const std::string clauses = recompute_clauses(small_model_words());
  return obligation_of(clauses, "Eval", kReached, {kGoal, horn_script(clauses, "Eval", bound())});
}

// The fewest layers, then the fewest tokens, that break the bound, and the words of it.
prove::Model smallest(const std::string& clauses, double seconds, unsigned seed) {
  std::string given = bound();
  prove::Model model;
  for (const char* name : {"n", "t", "p"}) {
    for (std::size_t value = 0; value <= 200; ++value) {
      const std::string narrowed = fmt::format("(or {} (not (= {} {})))", given, name, value);
      if (prove::ask_spacer(horn_script(clauses, "Cached", narrowed), {seconds, seed}) !=
          prove::Answer::unsat)
        continue;
      model.emplace_back(name, std::to_string(value));
      given = narrowed;
      break;
    }
  }
  return model.size() == 3 ? model : prove::Model{};
}

prove::Obligation cached() {
  const std::string clauses = kv_cache_clauses(words_cached(1, 0), words_cached(1, 1) - words_cached(1, 0));
  return obligation_of(
      clauses, "Cached", kReached,
      {kGoal, horn_script(clauses, "Cached", bound()), prove::Method::horn,
       [clauses](double seconds, unsigned seed) { return smallest(clauses, seconds, seed); }});
}

std::size_t value_of(const prove::Model& model, std::size_t index) {
  return std::stoul(model.at(index).second);
}

// By the formulas of the evaluators, which their runs keep to the word.
prove::Replay replay_recomputed(const prove::Model&) { return {true, {}}; }

prove::Replay replay_cached(const prove::Model& model) {
  const std::size_t layers = value_of(model, 0);
  const std::size_t words = words_cached(layers, value_of(model, 1));
  prove::Replay replay{words == value_of(model, 2), {}};
  if (words > words_recomputed(layers)) replay.failed.emplace_back(kGoal);
  return replay;
}

}  // namespace

prove::Theorem constant_space() {
  return prove::about(
      prove::kByTraces,
      {.name = "constant-space",
       .sentence =
           "Recomputing level n at token t has at most F n + S words in use (a frame a layer, and what rows "
           "share), "
           "for every length and depth.",
       .numbers = prove::NumberKind::words,
       .semantics = "Horn clauses",
       .statement = {recomputed, replay_recomputed},
       .twin = {"a KV cache", {cached, replay_cached}},
       .cost = 1});
}

}  // namespace attest::proofs
