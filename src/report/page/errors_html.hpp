// Errors as parts of their bounds, by kernel: how they are spread, and how they grow with length.
#pragma once

#include "report/page/content.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// Two charts for each kernel with bits of its own; what the bounds and the alarm would have shown follows.
Html errors_html(const Content& content);

}  // namespace attest::report::page
