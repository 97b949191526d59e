// Counterexamples of the recurrence, stretched: what a solver found with a few keys, each key a run of equal
// keys that crosses tiles and splits.

#include <algorithm>
#include <cmath>

#include "check/generate/families/counterexamples.hpp"
#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

struct Run {
  double score;
  double value;
};

// The keys one by one. Values that are all equal would hide what their weights do: then each is its own.
std::vector<Run> runs_of(const Counterexample& example, double offset) {
  std::vector<Run> runs;
  for (const CounterexampleKey& key : example.keys) {
    for (int n = 0; n < key.count; ++n) runs.push_back({std::log(key.weight), key.value + offset});
  }
  const bool equal =
      std::all_of(runs.begin(), runs.end(), [&](const Run& run) { return run.value == runs.front().value; });
  for (std::size_t at = 0; equal && at < runs.size(); ++at) runs[at].value += static_cast<double>(at);
  return runs;
}

// The run of key j: all of the same length, or a first one that ends at a usual tile.
std::size_t run_at(std::int64_t j, std::int64_t keys, std::int64_t first, std::size_t runs) {
  if (first > 0 && runs > 1) {
    if (j < first) return 0;
    return 1 + static_cast<std::size_t>((j - first) * static_cast<std::int64_t>(runs - 1) / (keys - first));
  }
  return static_cast<std::size_t>(j * static_cast<std::int64_t>(runs) / keys);
}

// What the refuted program does needs hidden keys, or a softcap, wherever the solver could choose them.
GenContext fit_for(const Counterexample& example, GenContext context) {
  const auto often = [&](Feature f, double factor) { context.set(f, std::min(0.9, factor * context.of(f))); };
  if (example.needs != CounterexampleNeeds::hidden_keys_softcap) context.set(Feature::softcap, 0);
  if (example.needs != CounterexampleNeeds::nothing) {
    context.plain /= 8;
    for (const Feature f : {Feature::causal_bottom_right, Feature::longer_queries, Feature::window_left,
                            Feature::mask, Feature::kv_lens})
      often(f, 2.5);
    often(Feature::softcap, 6);
  }
  return context;
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  const Counterexample& example = draw.pick(counterexamples());
  Frame frame = draw_frame(draw, fit_for(example, context));
  Problem& p = frame.problem;
  const std::vector<Run> runs = runs_of(example, draw.pick({1.0, 1.0, -2.0}));
  // The larger the steps between runs, the more a missing rescale shows; the order of runs is the solver's.
  const double steepness = draw.pick({1.0, 3.0, 8.0});
  const std::int64_t keys = std::max<std::int64_t>(1, p.kv_len());
  const std::int64_t tile = draw.pick<std::int64_t>({0, 1, 16, 32, 64, 128});
  const std::int64_t first = tile < keys ? tile : 0;
  const auto run = [&](std::int64_t j) -> const Run& { return runs[run_at(j, keys, first, runs.size())]; };
  const double limit = frame.limits.score / 2;
  fill_scores(
      draw, frame, [](std::int64_t) { return 1.0; },
      [&](std::int64_t, std::int64_t j) { return std::clamp(steepness * run(j).score, -limit, limit); });
  const double size = std::min(1.0, frame.limits.value / 8);
  fill(p.v, [&](auto, auto, std::int64_t j, std::int64_t c) {
    return size * (run(j).value + 0.125 * static_cast<double>(c % 3));
  });
  return std::move(frame.problem);
}

}  // namespace

Family counterexamples_family() {
  return {"counterexamples",
          "the solver's smallest counterexample to each fault of the recurrence, stretched over tiles", false,
          2, draw_problem};
}

}  // namespace attest::check
