// index.html: all results on one page, which needs no network and no script.
#pragma once

#include <string>

#include "report/page/content.hpp"

namespace attest::report::page {

std::string page_html(const Content& content);

}  // namespace attest::report::page
