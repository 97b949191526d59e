// A world: a semantics, what a case's integers mean in it, and what it takes for two of its results to agree.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "forms/cases/form_statement.hpp"
#include "forms/forms/form.hpp"

namespace attest::forms {

struct SemanticsEntry {
  std::string_view name;
  std::string_view
      meaning;          ///< one sentence without a final period, with the degree or bound of its equality
  bool ordered = true;  ///< results can be compared with <
  bool total = true;    ///< m and l can be turned into the sum of weights, or its log
  bool free_maxima = false;  ///< something about a maximum is arbitrary, and drawn from Choices::maxima
};

class FormWorld {
 public:
  virtual ~FormWorld() = default;
  virtual const SemanticsEntry& entry() const = 0;
  /// Empty when the form runs in this semantics, else why it does not.
  virtual std::string_view why_not(const FormEntry& form) const = 0;
  /// Runs what the statement says in the named form and judges its claims, the first violation counting.
  /// Precondition: why_not of that form is empty. A form named by a run itself that does not run here makes
  /// the statement undecided. Threads may share a world.
  virtual Ruling examine(std::string_view form, const FormStatement& statement) const = 0;
};

/// One world for each semantics, in the order of reports.
const std::vector<std::unique_ptr<FormWorld>>& form_worlds();

#define WORLD(id) std::unique_ptr<FormWorld> make_##id##_world();
#include "forms/worlds/worlds.def"

}  // namespace attest::forms
