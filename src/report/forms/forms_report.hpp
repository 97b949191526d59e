// Attest's own forms in a report: the matrix of laws, and how errors grow.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "forms/error_growth.hpp"
#include "forms/laws/matrix.hpp"
#include "prove/prove.hpp"
#include "report/header.hpp"

namespace attest::report {

/// {"laws", "forms", "semantics", "cells"}: cells[] of {law, form, semantics, status, cases, why}; laws[] of
/// {name, statement, theorems, catches}.
Json matrix_json(const std::vector<forms::Cell>& cells);
/// {"most_keys", "inputs", "points", "departures"}: points[] of {inputs, semantics, form, keys, max_error,
/// bound, max_bound_ratio}.
Json growth_json(const forms::ErrorGrowth& growth);

/// Cells that say something: not those that are not applicable.
struct MatrixTotals {
  std::int64_t held = 0, violated = 0, cases = 0;
};

/// Without `chosen`, of all cells.
MatrixTotals matrix_totals(const std::vector<forms::Cell>& cells,
                           const std::function<bool(const forms::Cell&)>& chosen = {});
/// "own forms: 2,145 combinations of law, form and kind of number hold, in 59,063 cases", with the number of
/// those that are violated.
std::string matrix_summary(const std::vector<forms::Cell>& cells);

/// Tables of laws by forms and of laws by kinds of number. A law is "proved" if every theorem that it names
/// is. Violated combinations follow, with their smallest case.
std::string matrix_markdown(const std::vector<forms::Cell>& cells,
                            const std::vector<prove::TheoremReport>& proofs);
/// The largest error of each form at some lengths, and where low-precision sums stop growing.
std::string growth_markdown(const forms::ErrorGrowth& growth);

}  // namespace attest::report
