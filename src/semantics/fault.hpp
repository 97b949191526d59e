// The faults of the recurrence that a wrong semantics can cause.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace attest {

enum class Fault : std::uint8_t {
  none,
  max_keeps_first,           ///< max(s, t) = s
  max_is_min,                ///< max(s, t) = min(s, t)
  nothing_rescaled,          ///< the old state keeps its factor when the running max grows
  denominator_not_rescaled,  ///< only o is rescaled
  numerator_not_rescaled,    ///< only l is rescaled
  difference_reversed,       ///< sub(s, t) = t - s
  weight_not_counted,        ///< o gains the key, l does not
  value_not_counted,         ///< l gains the key, o does not
  unguarded,                 ///< select takes its second branch: the shift is m even when m is masked
  masked_like_score_zero,    ///< a masked key gets the score 0 instead of -inf
  not_divided,               ///< div(x, y) = x
};

struct FaultEntry {
  Fault fault;
  std::string_view name;
};

inline constexpr std::array<FaultEntry, 12> kFaults{{
    {Fault::none, "none"},
    {Fault::max_keeps_first, "max keeps its first argument"},
    {Fault::max_is_min, "min in place of max"},
    {Fault::nothing_rescaled, "neither sum rescaled"},
    {Fault::denominator_not_rescaled, "denominator not rescaled"},
    {Fault::numerator_not_rescaled, "numerator not rescaled"},
    {Fault::difference_reversed, "shift minus score"},
    {Fault::weight_not_counted, "denominator misses a key"},
    {Fault::value_not_counted, "numerator misses a key"},
    {Fault::unguarded, "guard removed"},
    {Fault::masked_like_score_zero, "masked key given score 0"},
    {Fault::not_divided, "numerator not divided"},
}};

constexpr std::string_view name_of(Fault fault) {
  for (const FaultEntry& entry : kFaults) {
    if (entry.fault == fault) return entry.name;
  }
  return "";
}

}  // namespace attest
