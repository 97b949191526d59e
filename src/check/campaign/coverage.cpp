#include "check/campaign/coverage.hpp"

#include <algorithm>

namespace attest::check {
namespace {

constexpr std::int64_t kGivenUp = 6;  // cases without effect after which a crossing is asked for no more
constexpr std::int64_t kAlone = 3;    // ... and after which it is asked for without other features
constexpr double kLikely = 0.5;

template <class Visit>
void for_each_feature(Visit visit) {
  for (std::size_t f = 0; f < kFeatures; ++f) visit(static_cast<Feature>(f));
}

template <class Visit>
void for_each_shape(Visit visit) {
  for (std::size_t s = 0; s < kShapeClasses; ++s) visit(static_cast<ShapeClass>(s));
}

void make_likely(GenContext& context, Feature f, double p) {
  if (context.of(f) < p) context.set(f, p);
}

// What the feature is drawn given.
void make_possible(GenContext& context, Feature f) {
  switch (f) {
    case Feature::masking_bias:
      return context.set(Feature::bias, 1);
    case Feature::broadcast:
      make_likely(context,
                  context.of(Feature::bias) > context.of(Feature::mask) ? Feature::bias : Feature::mask, 1);
      return make_likely(context, Feature::several_heads, kLikely);
    case Feature::grouped_heads:
      return context.set(Feature::several_heads, 1);
    case Feature::negative_scale:
    case Feature::zero_scale:
      return context.set(Feature::scale, 1);
    case Feature::strided_scores:
      return make_likely(context, Feature::mask, 1);
    case Feature::strided_vectors:
      context.set(Feature::several_heads, 1);  // a vector of one element has no stride
      return make_likely(context, Feature::sink, 1);
    case Feature::shared_address:
      context.set(Feature::unequal_dims, 0);
      return context.set(Feature::mixed_dtypes, 0);
    case Feature::far_offsets:
      return make_likely(context, Feature::mask, kLikely);
    default:
      return;
  }
}

void make_certain(GenContext& context, Feature f) {
  if (is_dtype(f)) {
    for (const Feature other : {Feature::f64, Feature::f32, Feature::f16, Feature::bf16})
      if (other != f) context.set(other, 0);
    context.set(Feature::mixed_dtypes, 0);
  }
  context.set(f, 1);
  make_possible(context, f);
}

}  // namespace

bool crosses(Feature feature, ShapeClass shape) {
  switch (feature) {
    case Feature::nothing:
    case Feature::single_query:
    case Feature::longer_keys:
    case Feature::longer_queries:
    case Feature::count_:
      return false;
    case Feature::wide_dims:
      return !is_long(shape);
    default:
      return true;
  }
}

void Coverage::accepted(const FeatureSet& features, ShapeClasses shapes, const DTypePair& dtypes) {
  accepted_ |= features;
  const auto count_case = [](Count& count) {
    ++count.cases;
    count.in_vain = 0;
  };
  count_case(dtypes_[dtypes]);
  for_each_feature([&](Feature f) {
    if (features.has(f)) count_case(features_[static_cast<std::size_t>(f)]);
  });
  for_each_feature([&](Feature f) {
    for_each_shape([&](ShapeClass s) {
      if (!features.has(f) || !shapes.test(static_cast<std::size_t>(s))) return;
      Count& count = at({f, s});
      ++count.cases;
      count.in_vain = 0;
    });
  });
}

void Coverage::declined(const Crossing& crossing) {
  ++at(crossing).declined;
  ++at(crossing).in_vain;
}

void Coverage::undrawn(const Crossing& crossing) {
  ++at(crossing).undrawn;
  ++at(crossing).in_vain;
}

std::optional<Rarity> Coverage::rarest(const Region& region, std::int64_t wanted) {
  Count* least = nullptr;
  std::optional<Rarity> rarity;
  const auto offer = [&](Count& count, const Rarity& candidate) {
    if (count.cases >= wanted || count.in_vain >= kGivenUp) return;
    if (least != nullptr && least->cases <= count.cases) return;
    least = &count;
    rarity = candidate;
  };
  for (const DTypePair& dtypes : all_dtypes()) {
    if (region.decided(dtypes) == Region::Decided::accepted) offer(dtypes_[dtypes], {dtypes, std::nullopt});
  }
  for_each_feature([&](Feature f) {
    const bool accepted = is_option(f) ? region.decided(f) == Region::Decided::accepted : accepted_.has(f);
    if (accepted && !is_dtype(f)) offer(features_[static_cast<std::size_t>(f)], {std::nullopt, f});
  });
  if (least != nullptr) ++least->in_vain;
  return rarity;
}

GenContext Coverage::asking_for(const Rarity& rarity, GenContext context) {
  context.plain = context.alone = 0;
  context.known_share = 0;
  if (rarity.feature) make_certain(context, *rarity.feature);
  context.dtypes = rarity.dtypes;
  return context;
}

std::vector<std::string> Coverage::without_cases(const Region& region) const {
  std::vector<std::string> names;
  for (const DTypePair& dtypes : all_dtypes()) {
    const auto found = dtypes_.find(dtypes);
    const bool any = found != dtypes_.end() && found->second.cases > 0;
    if (region.decided(dtypes) == Region::Decided::accepted && !any) names.push_back(name_of(dtypes));
  }
  for_each_feature([&](Feature f) {
    if (!is_option(f) || region.decided(f) != Region::Decided::accepted) return;
    if (features_[static_cast<std::size_t>(f)].cases == 0) names.emplace_back(name_of(f));
  });
  return names;
}

std::int64_t Coverage::cases(const Crossing& crossing) const { return at(crossing).cases; }

std::optional<Crossing> Coverage::thinnest(std::int64_t wanted) const {
  std::optional<Crossing> thin;
  std::int64_t least = wanted;
  for_each_feature([&](Feature f) {
    for_each_shape([&](ShapeClass s) {
      const Crossing crossing{f, s};
      if (!accepted_.has(f) || !crosses(f, s) || !reachable(s)) return;
      if (at(crossing).in_vain >= kGivenUp || at(crossing).cases >= least) return;
      least = at(crossing).cases;
      thin = crossing;
    });
  });
  return thin;
}

GenContext Coverage::asking_for(const Crossing& crossing, std::int64_t wanted, GenContext context) const {
  const std::int64_t in_vain = at(crossing).in_vain;
  context.plain = context.alone = 0;
  context.shape = crossing.shape;
  context.feature = crossing.feature;
  context.set(Feature::nothing, 0);
  for_each_feature([&](Feature f) {
    if (!is_option(f)) return;
    if (in_vain >= kAlone) context.set(f, 0);
    const bool thin =
        accepted_.has(f) && crosses(f, crossing.shape) && at({f, crossing.shape}).cases < wanted;
    if (in_vain == 0 && thin) make_likely(context, f, kLikely);
  });
  make_certain(context, crossing.feature);
  return context;
}

CoverageReport Coverage::report(std::int64_t wanted) const {
  CoverageReport report;
  report.wanted = wanted;
  for_each_shape([&](ShapeClass s) {
    if (reachable(s)) report.shapes.emplace_back(name_of(s));
  });
  for_each_feature([&](Feature f) {
    if (!accepted_.has(f) || !crosses(f, ShapeClass::one_key)) return;
    CoverageReport::Row row{std::string(name_of(f)), {}};
    for_each_shape([&](ShapeClass s) {
      if (!reachable(s)) return;
      const Count& count = at({f, s});
      row.cases.push_back(crosses(f, s) ? std::optional(count.cases) : std::nullopt);
      if (crosses(f, s) && count.cases < std::max<std::int64_t>(1, wanted))
        report.thin.push_back(
            {row.feature, std::string(name_of(s)), count.cases, count.declined, count.undrawn});
    });
    report.features.push_back(std::move(row));
  });
  std::stable_sort(report.thin.begin(), report.thin.end(),
                   [](const ThinCrossing& a, const ThinCrossing& b) { return a.cases < b.cases; });
  return report;
}

std::int64_t CoverageReport::crossings() const {
  std::int64_t count = 0;
  for (const Row& row : features)
    count += std::count_if(row.cases.begin(), row.cases.end(), [](const auto& c) { return c.has_value(); });
  return count;
}

std::int64_t CoverageReport::uncovered() const {
  return std::count_if(thin.begin(), thin.end(), [](const ThinCrossing& c) { return c.cases == 0; });
}

std::int64_t CoverageReport::fewest_cases() const {
  std::int64_t fewest = 0;
  for (const Row& row : features) {
    for (const auto& cases : row.cases) {
      if (cases.value_or(0) > 0 && (fewest == 0 || *cases < fewest)) fewest = *cases;
    }
  }
  return fewest;
}

}  // namespace attest::check
