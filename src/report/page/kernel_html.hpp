// One kernel in detail.
#pragma once

#include "report/page/content.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// Verdict, contract, region, noise, memory, laws, families of inputs, forms of its operator, coverage. Of a
/// kernel with the same bits as another: a link to that.
Html kernel_html(const Content& content, std::size_t kernel);

}  // namespace attest::report::page
