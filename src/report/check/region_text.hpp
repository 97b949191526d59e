// What a kernel accepts, what it declines, and what was not examined, in reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "check/record/region_report.hpp"
#include "report/header.hpp"

namespace attest::report {

/// Lines of at most 80 columns: accepts, declines, declines in combination, not examined, tested up to.
std::string region_text(const check::RegionReport& region);
/// The same as sentences, for a paragraph.
std::string region_markdown(const check::RegionReport& region);
/// {dtypes, features, needs, lengths, extents, apart, largest, calls, forms}; forms only where there are
/// some.
Json accepts_json(const check::RegionReport& region);

// The forms of its operator that were asked for (forms_text.cpp).

/// "1,234 of 1,770 combinations of attributes taken (1,234 problems); declined: 320 (attn_mask must be 2D), 8
/// (...)": the most frequent reasons. Empty: none was asked for.
std::string forms_words(const std::vector<check::FormReport>& forms);

/// Of every kernel that was asked in forms, what forms_words says, as a list. Empty: none was.
std::string forms_markdown(const std::vector<check::KernelReport>& kernels);

/// {"taken": {form: problems}, "broken": {form: problems that broke a law}, "declined": {form: why}}.
Json forms_json(const std::vector<check::FormReport>& forms);

/// An attribute of forms.
struct FormAttribute {
  std::string name;
  std::int64_t forms = 0;  ///< that have it, of which ...
  std::int64_t taken = 0;  ///< ... so many are taken
};

/// In the order of their first form.
std::vector<FormAttribute> form_attributes(const std::vector<check::FormReport>& forms);

}  // namespace attest::report
