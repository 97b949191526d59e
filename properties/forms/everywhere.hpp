// A law in every form and every semantics at once, on one case.
#pragma once

#include <string_view>

#include "forms/laws/law_run.hpp"

namespace attest::properties {

/// Fails the running RapidCheck property where the law is violated, naming the form, the semantics and the
/// claim. A case that decides nothing in any of them is discarded. Throws std::invalid_argument when there is
/// no such law.
void holds_everywhere(std::string_view law, const forms::RowCase& row);

/// Expects a violation of the law among `cases` cases of one form in a world with a fault in it, shrunken to
/// at most `most_keys` keys.
void expect_caught(const forms::FormWorld& world, std::string_view law, std::string_view form,
                   std::size_t most_keys, std::int64_t cases = 400);

}  // namespace attest::properties
