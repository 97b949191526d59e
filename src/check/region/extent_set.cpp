#include "check/region/extent_set.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest::check {
namespace {

using Values = std::set<std::int64_t>;

std::int64_t common_divisor(const Values& values) {
  std::int64_t divisor = 0;
  for (const std::int64_t n : values) divisor = std::gcd(divisor, n);
  return divisor;
}

std::vector<std::int64_t> divisors_of(std::int64_t n) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d * d <= n; ++d) {
    if (n % d != 0) continue;
    divisors.push_back(d);
    if (d * d != n) divisors.push_back(n / d);
  }
  std::sort(divisors.begin(), divisors.end());
  return divisors;
}

// The multiples of the step that hold what was accepted; limits only where something beyond was declined.
ExtentSet multiples(std::int64_t step, const Values& accepted, const Values& declined) {
  ExtentSet set;
  set.step = step;
  const bool less = std::any_of(declined.begin(), declined.end(),
                                [&](std::int64_t n) { return n < *accepted.begin() && n % step == 0; });
  set.least = less ? *accepted.begin() : step;
  if (!declined.empty() && *declined.rbegin() > *accepted.rbegin()) set.most = *accepted.rbegin();
  return set;
}

bool agrees(const ExtentSet& set, const Values& declined) {
  return std::none_of(declined.begin(), declined.end(), [&](std::int64_t n) { return set.contains(n); });
}

std::optional<ExtentSet> as_multiples(const Values& accepted, const Values& declined) {
  for (const std::int64_t step : divisors_of(common_divisor(accepted))) {
    ExtentSet set = multiples(step, accepted, declined);
    if (agrees(set, declined)) return set;
  }
  return std::nullopt;
}

ExtentSet listed(const Values& accepted) {
  ExtentSet set;
  set.least = ExtentSet::kNoLimit;
  set.most = 0;
  set.also.assign(accepted.begin(), accepted.end());
  return set;
}

ExtentSet inferred(const Values& accepted, const Values& declined) {
  if (declined.empty()) return {};
  if (accepted.empty()) return listed(accepted);
  if (const auto set = as_multiples(accepted, declined)) return *set;
  // One of something is often a path of its own.
  Values others = accepted;
  if (others.erase(1) > 0 && !others.empty()) {
    if (auto set = as_multiples(others, declined)) {
      set->also = {1};
      return *set;
    }
  }
  return listed(accepted);
}

}  // namespace

bool ExtentSet::contains(std::int64_t n) const {
  if (n >= least && n <= most && n % step == 0) return true;
  return std::find(also.begin(), also.end(), n) != also.end();
}

std::optional<std::int64_t> ExtentSet::floor(std::int64_t n) const {
  std::optional<std::int64_t> best;
  for (const std::int64_t value : also) {
    if (value <= n) best = value;
  }
  const std::int64_t multiple = std::min(n, most) / step * step;
  if (multiple >= least && multiple <= n && multiple > best.value_or(0)) best = multiple;
  return best;
}

std::optional<std::int64_t> ExtentSet::ceil(std::int64_t n) const {
  std::optional<std::int64_t> best;
  for (auto value = also.rbegin(); value != also.rend(); ++value) {
    if (*value >= n) best = *value;
  }
  const std::int64_t from = std::max(n, least);
  if (least > most || from > most) return best;
  const std::int64_t multiple = (from - 1) / step * step + step;
  if (multiple <= most && multiple < best.value_or(kNoLimit)) best = multiple;
  return best;
}

std::vector<std::int64_t> ExtentSet::smallest(std::size_t count) const {
  std::vector<std::int64_t> values;
  for (auto n = ceil(1); n && values.size() < count; n = ceil(*n + 1)) values.push_back(*n);
  return values;
}

std::string ExtentSet::text() const {
  if (is_any()) return "any";
  std::string text = fmt::format("{}", fmt::join(also, ", "));
  if (least > most) return text.empty() ? "none" : text;
  const std::int64_t count = (most == kNoLimit) ? kNoLimit : (most - least) / step + 1;
  if (count <= 3) {
    std::vector<std::int64_t> few = also;
    for (std::int64_t n = least; n <= most; n += step) few.push_back(n);
    std::sort(few.begin(), few.end());
    return fmt::format("{}", fmt::join(few, ", "));
  }
  if (!text.empty()) text += ", or ";
  if (step > 1) text += fmt::format("multiples of {}", step);
  if (least > step) text += fmt::format("{}from {}", step > 1 ? " " : "", least);
  if (most != kNoLimit) text += fmt::format("{}up to {}", step > 1 || least > step ? " " : "", most);
  return text;
}

void ExtentObservations::accept(std::int64_t n) {
  declined_.erase(n);  // what a kernel takes once it takes: another cause was at work
  if (accepted_.insert(n).second && !set_.contains(n)) set_ = inferred(accepted_, declined_);
}

void ExtentObservations::decline(std::int64_t n) {
  if (accepted_.count(n) != 0 || !declined_.insert(n).second) return;
  set_ = inferred(accepted_, declined_);
}

std::optional<std::int64_t> ExtentObservations::next_question(std::int64_t least, std::int64_t most) const {
  if (declined_.empty() || accepted_.empty() || set_.least > set_.most) return std::nullopt;
  // The smallest multiple of the step that is none of twice the step: were it declined, the step is larger.
  for (std::int64_t n = set_.ceil(std::max(least, set_.least)).value_or(0);
       n > 0 && n <= std::min(most, set_.most); n += set_.step) {
    if (n / set_.step % 2 == 0) continue;
    if (accepted_.count(n) != 0) return std::nullopt;
    if (n > set_.step || std::max(least, set_.least) == n) return n;
  }
  return std::nullopt;
}

}  // namespace attest::check
