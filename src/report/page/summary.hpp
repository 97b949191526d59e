// The head of the page: verdict, first finding and the line that replays it, before anything is scrolled;
// then the verdict of each kernel.
#pragma once

#include "report/page/content.hpp"
#include "report/page/markup/html.hpp"

namespace attest::report::page {

Html summary_html(const Content& content);
/// A table of the verdicts; then what was examined, assumed and not looked at, by kernel.
Html verdicts_html(const Content& content);
/// What follows the verdict's name, as a paragraph; may be empty.
Html reason_html(const check::KernelReport& report);
/// "DEFECTIVE" in the verdict's colour.
Html verdict_badge(check::Verdict verdict);

}  // namespace attest::report::page
