// The findings of all kernels.
#pragma once

#include "report/page/content.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

Html findings_html(const Content& content);

}  // namespace attest::report::page
