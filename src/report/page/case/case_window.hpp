// The part of a case that is drawn: some rows, keys and channels of one head.
#pragma once

#include <cstdint>
#include <vector>

#include "check/record/finding.hpp"

namespace attest::report::page {

struct CaseWindow {
  std::int64_t b = 0, h = 0;
  std::vector<std::int64_t> rows, keys, channels;  ///< ascending
};

/// Around a wrong number, if one is known: the rows and channels with wrong numbers, their neighbours, and
/// keys from both sides of where the row's visible keys end.
CaseWindow window_of(const check::Finding& finding);

/// Up to `most` of the numbers below `count`: first those of `wanted` (ascending), then their neighbours.
std::vector<std::int64_t> some_of(std::int64_t count, const std::vector<std::int64_t>& wanted,
                                  std::size_t most);

/// The wrong numbers that are known, as places of the finding's problem; empty: only a changed call shows
/// them.
std::vector<Place> wrong_places(const check::Finding& finding);

}  // namespace attest::report::page
