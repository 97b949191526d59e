// The smallest case of a finding, drawn as small matrices.
#pragma once

#include "check/record/finding.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// Scores, visible keys, what the definition gives and what the kernel returned, of the head with the first
/// wrong number; wrong numbers are marked. The last two are left out where the result was not kept. Empty for
/// a problem without rows.
Html case_html(const check::Finding& finding);

}  // namespace attest::report::page
