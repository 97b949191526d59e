#include "check/region/region.hpp"

#include <algorithm>

#include "check/region/choice.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kFirstKept = 32;  // accepted outlines: the first ones, which are plain, and ...
constexpr std::size_t kKept = 96;       // ... the latest

bool is_causal(Feature f) { return f == Feature::causal_top_left || f == Feature::causal_bottom_right; }

}  // namespace

std::string_view name_of(Axis axis) {
  static constexpr std::array<std::string_view, kAxes> kNames{"batch",
                                                              "kv_heads",
                                                              "query heads a key/value head",
                                                              "q_len = kv_len",
                                                              "kv_len of a single query",
                                                              "q_len",
                                                              "kv_len",
                                                              "head dim"};
  return kNames.at(static_cast<std::size_t>(axis));
}

bool Trait::holds(const Outline& outline, const FeatureSet& features) const {
  switch (kind) {
    case Kind::with:
      return features.has(feature);
    case Kind::without:
      return !features.has(feature);
    case Kind::not_causal:
      return causal_of(outline) == CausalKind::none;
    case Kind::dtypes:
      return outline.dtypes == dtypes;
  }
  return false;
}

std::string Trait::text() const {
  switch (kind) {
    case Kind::with:
      return std::string(name_of(feature));
    case Kind::without:
      return "no " + std::string(name_of(feature));
    case Kind::not_causal:
      return "no causality";
    case Kind::dtypes:
      return name_of(dtypes);
  }
  return "";
}

std::vector<Region::Values> Region::values_of(const Shape& s) {
  std::vector<Values> values;
  const auto add = [&](Axis axis, std::int64_t value) {
    if (value > 0) values.push_back({axis, value});
  };
  add(Axis::batch, s.batch);
  add(Axis::kv_heads, s.kv_heads);
  add(Axis::group, s.q_heads / s.kv_heads);
  if (s.qk_dim == s.v_dim) add(Axis::dim, s.qk_dim);
  if (s.q_len == 0 || s.kv_len == 0) return values;
  switch (lengthwise_of(s.q_len, s.kv_len)) {
    case Lengthwise::square:
      add(Axis::square_len, s.q_len);
      break;
    case Lengthwise::decode:
      add(Axis::decode_kv_len, s.kv_len);
      break;
    default:
      add(Axis::q_len, s.q_len);
      add(Axis::kv_len, s.kv_len);
  }
  return values;
}

void Region::accept(const Outline& outline) {
  const FeatureSet features = features_of(outline);
  dtypes_[outline.dtypes] = Decided::accepted;
  causal_[static_cast<std::size_t>(causal_of(outline))] = Decided::accepted;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (!is_option(static_cast<Feature>(f))) continue;
    (outline.options.test(f) ? with_ : without_)[f] = Decided::accepted;
  }
  const Shape& s = outline.shape;
  if (s.q_len > 0 && s.kv_len > 0)
    lengthwise_[static_cast<std::size_t>(lengthwise_of(s.q_len, s.kv_len))] = Decided::accepted;
  for (const Values& v : values_of(s)) observed(v.axis).accept(v.value);
  if (s.qk_dim != s.v_dim) {
    unequal_.insert({s.qk_dim, s.v_dim});
    unequal_declined_.erase({s.qk_dim, s.v_dim});
  }
  apart_.erase(std::remove_if(apart_.begin(), apart_.end(),
                              [&](const auto& pair) {
                                return pair.first.holds(outline, features) &&
                                       pair.second.holds(outline, features);
                              }),
               apart_.end());
  for (ConditionalExtent& c : conditional_) {
    if (!c.condition.holds(outline, features)) continue;
    for (const Values& v : values_of(s)) {
      if (v.axis == c.axis) c.observed.accept(v.value);
    }
  }
  if (std::find(accepted_.begin(), accepted_.end(), outline) != accepted_.end()) return;
  if (accepted_.size() == kKept) accepted_.erase(accepted_.begin() + kFirstKept);
  accepted_.push_back(outline);
}

bool Region::taken(const Outline& outline, const Atom& choice) const {
  switch (choice.kind) {
    case Atom::Kind::dtypes:
      return decided(outline.dtypes) == Decided::accepted;
    case Atom::Kind::causal:
      return causal_[static_cast<std::size_t>(causal_of(outline))] == Decided::accepted;
    case Atom::Kind::option:
      return (outline.options.has(choice.feature) ? decided(choice.feature)
                                                  : decided_without(choice.feature)) == Decided::accepted;
    default:
      break;
  }
  const Shape& s = outline.shape;
  if (choice.kind == Atom::Kind::dims && s.qk_dim != s.v_dim) return unequal_.count({s.qk_dim, s.v_dim}) != 0;
  bool all = true;
  for (const Values& v : values_of(s)) {
    if (is_about(v.axis, choice)) all = all && extents(v.axis).accepted().count(v.value) != 0;
  }
  return all;
}

Region::Decided Region::decided(Feature f) const {
  if (f == Feature::causal_top_left) return causal_[1];
  if (f == Feature::causal_bottom_right) return causal_[2];
  return with_[static_cast<std::size_t>(f)];
}

Region::Decided Region::decided_without(Feature f) const { return without_[static_cast<std::size_t>(f)]; }

Region::Decided Region::decided(const DTypePair& dtypes) const {
  const auto found = dtypes_.find(dtypes);
  return found == dtypes_.end() ? Decided::unknown : found->second;
}

Region::Decided Region::decided(Lengthwise lengthwise) const {
  return lengthwise_[static_cast<std::size_t>(lengthwise)];
}

bool Region::admits_dims(std::int64_t qk_dim, std::int64_t v_dim) const {
  const ExtentSet& dims = extents(Axis::dim).set();
  if (qk_dim == v_dim) return dims.contains(qk_dim);
  if (unequal_.count({qk_dim, v_dim}) != 0) return true;
  if (!unequal_declined_.empty()) return false;
  return dims.contains(qk_dim) && dims.contains(v_dim);
}

bool Region::admits_extents(const Outline& outline) const {
  const Shape& s = outline.shape;
  if (!admits_dims(s.qk_dim, s.v_dim)) return false;
  if (s.q_len > 0 && s.kv_len > 0 && decided(lengthwise_of(s.q_len, s.kv_len)) == Decided::declined)
    return false;
  const std::vector<Values> values = values_of(s);
  return std::all_of(values.begin(), values.end(),
                     [&](const Values& v) { return extents(v.axis).set().contains(v.value); });
}

bool Region::admits_choices(const Outline& outline, const FeatureSet& features) const {
  if (decided(outline.dtypes) == Decided::declined) return false;
  if (causal_[static_cast<std::size_t>(causal_of(outline))] == Decided::declined) return false;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (!is_option(feature) || is_causal(feature)) continue;
    if ((outline.options.test(f) ? with_ : without_)[f] == Decided::declined) return false;
  }
  for (const auto& [a, b] : apart_) {
    if (a.holds(outline, features) && b.holds(outline, features)) return false;
  }
  for (const ConditionalExtent& c : conditional_) {
    if (!c.condition.holds(outline, features)) continue;
    for (const Values& v : values_of(outline.shape)) {
      if (v.axis == c.axis && !c.admits(v.value)) return false;
    }
  }
  return true;
}

bool Region::admits(const Outline& outline) const {
  return admits_extents(outline) && admits_choices(outline, features_of(outline));
}

std::vector<Outline> Region::plain_ones() const {
  constexpr std::size_t kFew = 8;
  return {accepted_.begin(),
          accepted_.begin() + static_cast<std::ptrdiff_t>(std::min(kFew, accepted_.size()))};
}

const Outline& Region::some(Draw& draw) const {
  return accepted_[static_cast<std::size_t>(draw.below(static_cast<std::int64_t>(accepted_.size())))];
}

const Outline* Region::nearest(const Outline& outline, const Atom* same) const {
  const Outline* best = nullptr;
  std::size_t least = 0;
  for (const Outline& known : accepted_) {
    const Atoms apart = differences(known, outline);
    if (same != nullptr && std::find(apart.begin(), apart.end(), *same) != apart.end()) continue;
    if (best != nullptr && apart.size() >= least) continue;
    best = &known;
    least = apart.size();
  }
  return best;
}

}  // namespace attest::check
