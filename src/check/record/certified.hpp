// When outputs count as checked: the same measure for campaigns and captures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "oracle/judge/judge.hpp"

namespace attest::check {

/// Elements with a certificate that says something. Violated ones have a certificate too: that of being
/// wrong.
std::int64_t certified(const oracle::Tally& tally);

/// Why these outputs were checked too weakly to count: fewer than 95 % of them are certified. None when they
/// were not, or when there are none. `which` is "" or " of family 'spikes'".
std::optional<std::string> why_weak(std::int64_t certified, std::int64_t outputs, const std::string& which);

}  // namespace attest::check
