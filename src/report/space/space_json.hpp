// The ledger of space and time as JSON, text and Markdown.
#pragma once

#include <string>

#include "report/header.hpp"
#include "space/kernel_memory.hpp"
#include "space/space_report.hpp"

namespace attest::report {

/// {"access_model", "certificates", "evaluators", "frontier", "flip_books"}: certificates[] of {layers,
/// lengths, formula_words, heap_allocations, max_stack_bytes, holds, failures, twin{name, failures}};
/// evaluators[] of {name, layers, length, working_words, formula, formula_words, tape_words, prefix_words,
/// leaf_evaluations, closed_form, leaves_formula, steps, heap_allocations, stack_bytes, same_bits,
/// max_difference, holds}; frontier[] of {name, layers, length, formula_words, formula, counted,
/// leaf_evaluations, steps, operations, closed_form, holds} (null where a count was not run or does not fit).
Json space_json(const space::SpaceReport& report);

/// Certificates, ledger and frontier, with the legend of the formulas.
std::string space_text(const space::SpaceReport& report);
std::string space_markdown(const space::SpaceReport& report);
/// One line: "constant space: certified at 1, 2, 3, 4 layers; ..."
std::string space_summary(const space::SpaceReport& report);

/// [] of {name, exponent (null: no growth seen), points[] {length, bytes}, declined}.
Json kernel_memory_json(const std::vector<space::KernelMemory>& kernels);
std::string kernel_memory_text(const std::vector<space::KernelMemory>& kernels);
std::string kernel_memory_markdown(const std::vector<space::KernelMemory>& kernels);

}  // namespace attest::report
