// The ledger of space and time: the costs of each evaluator, measured and by closed form.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "space/certificate.hpp"

namespace attest::space {

/// One evaluator run in f32. Everything except the formulas is measured at this length.
struct LedgerEntry {
  std::string name;
  std::size_t layers = 0, length = 0;
  std::size_t working_words = 0, formula_words = 0;
  std::string formula;
  std::size_t tape_words = 0;    ///< token ids re-read; a cache reads each once
  std::size_t prefix_words = 0;  ///< learned prefix: memory not computed from the input
  std::uint64_t leaf_evaluations = 0, closed_form = 0;
  std::string leaves_formula;
  std::uint64_t steps = 0, closed_form_steps = 0;
  std::uint64_t heap_allocations = 0;
  std::size_t stack_bytes = 0;
  bool keeps_bits = false;    ///< does the same operations as the KV cache
  bool same_bits = false;     ///< as the KV cache's rows
  double max_difference = 0;  ///< from the KV cache's rows, of the largest number in them

  /// Whether the measurements equal the formulas (words, leaves, steps), nothing was allocated, and the bits
  /// are equal if keeps_bits.
  bool holds() const;
};

/// "full recomputation", "4 rows at a time", ...
std::string name_of(const attention::Evaluator& e);

/// Every evaluator on one model, each at min(length, the longest that costs it at most `most_steps` steps).
/// Evaluators that would not fill their blocks or tiles there are left out. `progress` gets the evaluator's
/// name. Precondition: a shape with no why_not; length >= 1.
std::vector<LedgerEntry> measure_ledger(const attention::Transformer<float>& model, std::size_t length,
                                        std::uint64_t seed, std::uint64_t most_steps,
                                        const std::function<void(const std::string&)>& progress);

/// A point of the space-time frontier, counted at its full length.
struct FrontierPoint {
  std::string name;
  std::size_t layers = 0, length = 0;
  std::size_t words = 0;
  std::string formula;
  std::uint64_t leaf_evaluations = 0, steps = 0, operations = 0;
  std::optional<attention::Work> closed_form;
  bool counted = false;  ///< false: too many to run; only the closed form is given

  bool holds() const {
    return !counted ||
           (closed_form && leaf_evaluations == closed_form->leaves && steps == closed_form->steps);
  }
};

/// B = 1, 2, 4, ... rows at a time, every h-th layer cached, and the caches, by space, largest last; points
/// of more than `most_steps` steps are not run. progress(name, done, of leaves) is called now and then.
std::vector<FrontierPoint> measure_frontier(
    const attention::ModelShape& shape, std::size_t length, std::uint64_t most_steps,
    const std::function<void(const std::string&, std::uint64_t done, std::uint64_t of)>& progress);

}  // namespace attest::space
