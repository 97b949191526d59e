// Which findings have one cause.
#pragma once

#include <string_view>

#include "check/record/finding.hpp"

namespace attest::check {

/// Whether the cause of the smaller problem can also cause the larger: the larger has its essential features
/// and its lengths (0 counts as 1). Dims, scale, dtype f32 and a requested lse are not essential.
bool could_explain(const Problem& smaller, const Problem& larger);

/// Whether the first wrong element is in a row that sees no key. A NaN there has another cause than one in a
/// row that sees keys: 0/0, and not the keys.
bool in_row_without_keys(const Problem& problem, const std::vector<oracle::Element>& elements);

/// Whether two crashes are known to lie in different functions.
bool crash_apart(const kernel::CrashSite& a, const kernel::CrashSite& b);

bool breaks_law(const Finding& finding, std::string_view law);

/// Whether the cause of `a` is taken to be that of `b`: b needs no less than a, and breaks no bound that a
/// keeps. A call without a result is known by its words alone.
bool explains(const Finding& a, const Finding& b);
bool have_one_cause(const Finding& a, const Finding& b);

/// Outputs say more than lse, plain problems more than those with features, small ones more than large ones.
bool is_more_informative(const Finding& a, const Finding& b);

/// Adds the cases, laws and symptoms of a finding with the same cause.
void absorb(Finding& into, const Finding& other);

/// Keeps a failing case for the diagnosis, if there is room and it is small enough.
void keep_example(Finding& finding, const Problem& problem);
/// Whether a diagnosis that tries every known fault on it is affordable.
bool fit_for_diagnosis(const Problem& problem);

}  // namespace attest::check
