// The faults of the recurrence that a wrong semantics can cause.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace attest::semantics {

enum class ArithmeticFault : std::uint8_t {
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
  ArithmeticFault fault;
  std::string_view name;
};

inline constexpr std::array<FaultEntry, 12> kFaults{{
    {ArithmeticFault::none, "none"},
    {ArithmeticFault::max_keeps_first, "max keeps its first argument"},
    {ArithmeticFault::max_is_min, "min in place of max"},
    {ArithmeticFault::nothing_rescaled, "neither sum rescaled"},
    {ArithmeticFault::denominator_not_rescaled, "denominator not rescaled"},
    {ArithmeticFault::numerator_not_rescaled, "numerator not rescaled"},
    {ArithmeticFault::difference_reversed, "shift minus score"},
    {ArithmeticFault::weight_not_counted, "denominator misses a key"},
    {ArithmeticFault::value_not_counted, "numerator misses a key"},
    {ArithmeticFault::unguarded, "guard removed"},
    {ArithmeticFault::masked_like_score_zero, "masked key given score 0"},
    {ArithmeticFault::not_divided, "numerator not divided"},
}};

constexpr std::string_view name_of(ArithmeticFault fault) {
  for (const FaultEntry& entry : kFaults) {
    if (entry.fault == fault) return entry.name;
  }
  return "";
}

}  // namespace attest::semantics
