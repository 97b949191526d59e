#include <algorithm>

#include "forms/forms/form.hpp"
#include "numerics/random_value.hpp"

namespace attest::forms {

attention::Schedule bracketed(std::vector<attention::Schedule> parts, std::uint64_t seed) {
  if (parts.size() == 1) return parts.front();
  if (seed == 0 || parts.empty()) {
    const std::size_t begin = parts.empty() ? 0 : parts.front().begin;
    const std::size_t end = parts.empty() ? 0 : parts.back().end;
    return {begin, end, std::move(parts)};
  }
  const auto cut = 1 + random_below(seed, static_cast<std::int64_t>(parts.size()) - 1);
  const std::uint64_t next = mixed(seed);
  attention::Schedule left = bracketed({parts.begin(), parts.begin() + cut}, next | 1);
  attention::Schedule right = bracketed({parts.begin() + cut, parts.end()}, mixed(next) | 1);
  const std::size_t begin = left.begin;
  const std::size_t end = right.end;
  return {begin, end, {std::move(left), std::move(right)}};
}

attention::Schedule mirrored(attention::Schedule schedule) {
  std::reverse(schedule.parts.begin(), schedule.parts.end());
  for (attention::Schedule& part : schedule.parts) part = mirrored(std::move(part));
  return schedule;
}

}  // namespace attest::forms
