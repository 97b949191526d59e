// What a region says of itself in reports.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/region/region.hpp"

namespace attest::check {
// Whether the option needs another, and all that it may need are declined.
bool Region::follows_from_a_decline(Feature option) const {
  FeatureSet possible;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (with_[f] != Decided::declined) possible.set(f);
  }
  return lacks_prerequisite(option, possible);
}

void Region::describe(RegionReport& report) const {
  std::vector<std::string> mixed;
  bool any_mixed = false;
  for (const DTypePair& dtypes : all_dtypes()) {
    const bool same = dtypes.first == dtypes.second;
    any_mixed = any_mixed || (!same && decided(dtypes) == Decided::accepted);
    if (decided(dtypes) == Decided::accepted) report.dtypes.push_back(name_of(dtypes));
    if (decided(dtypes) == Decided::declined) (same ? report.declines : mixed).push_back(name_of(dtypes));
  }
  constexpr std::size_t kListed = 3;
  if (!mixed.empty() && !any_mixed)
    report.declines.emplace_back(name_of(Feature::mixed_dtypes));
  else if (mixed.size() > kListed)
    report.declines.emplace_back("other pairs of dtypes");
  else
    report.declines.insert(report.declines.end(), mixed.begin(), mixed.end());
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (!is_option(feature)) continue;
    const std::string name(name_of(feature));
    if (decided(feature) == Decided::accepted) report.features.push_back(name);
    if (decided(feature) == Decided::declined) report.declines.push_back(name);
    if (decided(feature) == Decided::unknown && !follows_from_a_decline(feature))
      report.not_examined.push_back(name);
    if (decided_without(feature) == Decided::declined) report.needs.push_back(name);
  }
  if (causal_[0] == Decided::declined) {
    report.needs.emplace_back("causality");
    report.declines.emplace_back("rows without causality");
  }
  for (std::size_t l = 0; l < kLengthwise; ++l) {
    const auto lengthwise = static_cast<Lengthwise>(l);
    const std::string name(name_of(lengthwise));
    if (lengthwise_[l] == Decided::accepted) report.lengths.push_back(name);
    if (lengthwise_[l] == Decided::declined) report.declines.push_back(name);
    if (lengthwise_[l] == Decided::unknown) report.not_examined.push_back(name);
  }
  for (std::size_t a = 0; a < kAxes; ++a) {
    const ExtentObservations& observed = extents_[a];
    if (observed.accepted().empty() || observed.set().is_any()) continue;
    const std::string axis(name_of(static_cast<Axis>(a)));
    report.extents.emplace_back(axis, observed.set().text());
    report.declines.push_back(fmt::format("{} other than {}", axis, observed.set().text()));
  }
  if (!unequal_.empty() && !unequal_declined_.empty()) {
    std::vector<std::string> pairs;
    for (const auto& [qk_dim, v_dim] : unequal_) pairs.push_back(fmt::format("{}/{}", qk_dim, v_dim));
    report.extents.emplace_back("qk_dim/v_dim", fmt::format("{}", fmt::join(pairs, ", ")));
  } else if (unequal_.empty() && !unequal_declined_.empty()) {
    report.extents.emplace_back("qk_dim", "equal to v_dim");
    report.declines.emplace_back(name_of(Feature::unequal_dims));
  }
  for (const auto& [a, b] : apart_) report.apart.emplace_back(a.text(), b.text());
  for (const ConditionalExtent& c : conditional_) {
    const std::set<std::int64_t>& no = c.observed.declined();
    if (std::all_of(no.begin(), no.end(), [&](std::int64_t n) { return c.admits(n); })) continue;
    report.apart.emplace_back(c.condition.text(),
                              fmt::format("{} other than {}", name_of(c.axis), c.observed.set().text()));
  }
}

std::string accepts_text(const RegionReport& report) {
  if (report.dtypes.empty()) return "nothing that was tried";
  std::string text = fmt::format("{}", fmt::join(report.dtypes, ", "));
  for (const auto& [extent, values] : report.extents) text += fmt::format("; {} {}", extent, values);
  if (report.lengths.size() < kLengthwise) text += fmt::format("; {}", fmt::join(report.lengths, ", "));
  if (!report.needs.empty()) text += fmt::format("; only with {}", fmt::join(report.needs, ", "));
  if (!report.features.empty()) text += fmt::format("; {}", fmt::join(report.features, ", "));
  return text;
}

}  // namespace attest::check
