// Attest's own forms, proofs, space and time, and costs: tables as in Markdown, with charts.
#pragma once

#include "report/full/full_report.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// Errors of the float forms and their bounds by length: a chart for each kind of inputs.
Html growth_html(const forms::ErrorGrowth& growth);
/// Steps by words of memory: a line for each number of layers.
Html frontier_html(const space::SpaceReport& report);

}  // namespace attest::report::page
