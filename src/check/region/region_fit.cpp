// Problems made to fit what a kernel takes.

#include <algorithm>
#include <tuple>

#include "check/region/region.hpp"

namespace attest::check {
namespace {

constexpr int kTries = 12;  // repairs of pairs before an accepted outline is taken as it is

// The value itself where the set has it; else one near it. Kernels with tiles are as interesting with two or
// three tiles as with one.
std::int64_t near(Draw& draw, const ExtentSet& set, std::int64_t wanted, std::int64_t most) {
  if (set.contains(wanted) && wanted <= most) return wanted;
  std::vector<std::int64_t> values;
  const auto add = [&](std::optional<std::int64_t> value) {
    if (value && *value <= most) values.push_back(*value);
  };
  add(set.floor(std::min(wanted, most)));
  std::optional<std::int64_t> above = set.ceil(wanted);
  for (int i = 0; i < 3 && above; ++i) {
    add(above);
    above = *above == ExtentSet::kNoLimit ? std::nullopt : set.ceil(*above + 1);
  }
  if (values.empty()) add(set.floor(most));
  if (!values.empty()) return draw.pick(values);
  return set.ceil(1).value_or(wanted);
}

}  // namespace

void Region::fit_dtypes(Draw& draw, Outline& outline) const {
  if (decided(outline.dtypes) != Decided::declined) return;
  std::vector<DTypePair> same_queries, all;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (decided(dtypes) != Decided::accepted) continue;
    all.push_back(dtypes);
    if (dtypes.first == outline.dtypes.first) same_queries.push_back(dtypes);
  }
  if (!all.empty()) outline.dtypes = draw.pick(same_queries.empty() ? all : same_queries);
}

Lengthwise Region::fitting(Draw& draw, Lengthwise wanted) const {
  if (decided(wanted) != Decided::declined) return wanted;
  std::vector<Lengthwise> accepted;
  for (std::size_t l = 0; l < kLengthwise; ++l) {
    if (lengthwise_[l] == Decided::accepted) accepted.push_back(static_cast<Lengthwise>(l));
  }
  return accepted.empty() ? wanted : draw.pick(accepted);
}

void Region::fit_lengths(Draw& draw, Outline& outline, std::int64_t most_keys) const {
  Shape& s = outline.shape;
  if (s.q_len == 0 || s.kv_len == 0) return;
  const std::int64_t longest = std::max(s.q_len, s.kv_len);
  const auto length = [&](Axis axis, std::int64_t wanted, std::int64_t most) {
    return near(draw, extents(axis).set(), wanted, most);
  };
  switch (fitting(draw, lengthwise_of(s.q_len, s.kv_len))) {
    case Lengthwise::square:
      s.q_len = s.kv_len = length(Axis::square_len, longest, most_keys);
      return;
    case Lengthwise::decode:
      s.q_len = 1;
      s.kv_len = length(Axis::decode_kv_len, std::max<std::int64_t>(2, longest), most_keys);
      return;
    case Lengthwise::more_keys: {
      s.q_len = length(Axis::q_len, std::max<std::int64_t>(2, std::min(s.q_len, s.kv_len)), most_keys);
      // The next number of keys beyond the queries, where the wanted one is none.
      const ExtentSet& keys = extents(Axis::kv_len).set();
      s.kv_len = near(draw, keys, std::max(longest, s.q_len + 1), most_keys);
      if (s.kv_len <= s.q_len) s.kv_len = keys.ceil(s.q_len + 1).value_or(s.q_len);
      return;
    }
    case Lengthwise::more_queries: {
      s.kv_len = length(Axis::kv_len, std::min(s.q_len, s.kv_len), most_keys);
      const ExtentSet& rows = extents(Axis::q_len).set();
      s.q_len = near(draw, rows, std::max(longest, s.kv_len + 1), ExtentSet::kNoLimit);
      if (s.q_len <= s.kv_len) s.q_len = rows.ceil(s.kv_len + 1).value_or(s.kv_len);
      return;
    }
    case Lengthwise::count_:
      return;
  }
}

void Region::fit_dims(Draw& draw, Outline& outline) const {
  Shape& s = outline.shape;
  if (admits_dims(s.qk_dim, s.v_dim)) return;
  const ExtentSet& dims = extents(Axis::dim).set();
  if (s.qk_dim != s.v_dim && dims_are_free()) {
    s.qk_dim = near(draw, dims, s.qk_dim, ExtentSet::kNoLimit);
    s.v_dim = near(draw, dims, s.v_dim, ExtentSet::kNoLimit);
    return;
  }
  if (!unequal_.empty() && (s.qk_dim != s.v_dim || extents(Axis::dim).accepted().empty())) {
    const std::vector<std::pair<std::int64_t, std::int64_t>> pairs(unequal_.begin(), unequal_.end());
    std::tie(s.qk_dim, s.v_dim) = draw.pick(pairs);
    return;
  }
  s.qk_dim = s.v_dim = near(draw, dims, s.qk_dim, ExtentSet::kNoLimit);
}

void Region::fit_heads(Draw& draw, Outline& outline) const {
  Shape& s = outline.shape;
  const auto fit = [&](Axis axis, std::int64_t wanted) {
    return near(draw, extents(axis).set(), wanted, ExtentSet::kNoLimit);
  };
  const std::int64_t group = fit(Axis::group, s.q_heads / s.kv_heads);
  if (s.batch > 0) s.batch = fit(Axis::batch, s.batch);
  s.kv_heads = fit(Axis::kv_heads, s.kv_heads);
  s.q_heads = group * s.kv_heads;
}

void Region::fit_options(Draw& draw, Outline& outline) const {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (!is_option(feature) || feature == Feature::causal_top_left || feature == Feature::causal_bottom_right)
      continue;
    if (with_[f] == Decided::declined) outline.options.reset(f);
    if (without_[f] == Decided::declined) outline.options.set(f);
  }
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (lacks_prerequisite(static_cast<Feature>(f), outline.options)) outline.options.reset(f);
  }
  const std::size_t now = outline.options.has(Feature::causal_top_left)       ? 1
                          : outline.options.has(Feature::causal_bottom_right) ? 2
                                                                              : 0;
  if (causal_[now] != Decided::declined) return;
  std::vector<std::size_t> kinds;
  for (std::size_t kind = 0; kind < causal_.size(); ++kind) {
    if (causal_[kind] == Decided::accepted) kinds.push_back(kind);
  }
  if (kinds.empty()) return;
  const std::size_t kind = draw.pick(kinds);
  outline.options.set(static_cast<std::size_t>(Feature::causal_top_left), kind == 1);
  outline.options.set(static_cast<std::size_t>(Feature::causal_bottom_right), kind == 2);
}

// Makes the condition no longer hold.
void Region::flip(Draw& draw, Outline& outline, const Trait& condition) const {
  const Outline& plain = base();
  Shape& s = outline.shape;
  switch (condition.kind) {
    case Trait::Kind::dtypes: {
      std::vector<DTypePair> others;
      for (const auto& [dtypes, decided] : dtypes_) {
        if (decided == Decided::accepted && dtypes != condition.dtypes) others.push_back(dtypes);
      }
      if (!others.empty()) outline.dtypes = draw.pick(others);
      return;
    }
    case Trait::Kind::without:
      outline.options.add(condition.feature);
      return;
    case Trait::Kind::not_causal:
      outline.options.add(causal_[2] == Decided::accepted ? Feature::causal_bottom_right
                                                          : Feature::causal_top_left);
      return;
    case Trait::Kind::with:
      break;
  }
  switch (condition.feature) {
    case Feature::several_batches:
      s.batch = 1;
      return;
    case Feature::several_heads:
      s.q_heads = s.kv_heads = 1;
      return;
    case Feature::grouped_heads:
      s.q_heads = s.kv_heads;
      return;
    case Feature::single_query:
    case Feature::longer_keys:
    case Feature::longer_queries:
      s.q_len = plain.shape.q_len;
      s.kv_len = plain.shape.kv_len;
      return;
    case Feature::odd_dims:
    case Feature::wide_dims:
    case Feature::unequal_dims:
      s.qk_dim = plain.shape.qk_dim;
      s.v_dim = plain.shape.v_dim;
      return;
    default:
      outline.options.set(static_cast<std::size_t>(condition.feature), false);
  }
}

bool Region::fit_pairs(Draw& draw, Outline& outline) const {
  const FeatureSet features = features_of(outline);
  for (const auto& [a, b] : apart_) {
    if (!a.holds(outline, features) || !b.holds(outline, features)) continue;
    // Of an option and a dtype or shape, the option goes: there are more of them.
    const bool drops_a = b.kind == Trait::Kind::dtypes || draw.chance(0.5);
    flip(draw, outline, drops_a && a.kind != Trait::Kind::dtypes ? a : b);
    return false;
  }
  return true;
}

bool Region::fit_conditional(Draw& draw, Outline& outline, std::int64_t most_keys) const {
  const FeatureSet features = features_of(outline);
  Shape& s = outline.shape;
  for (const ConditionalExtent& c : conditional_) {
    if (!c.condition.holds(outline, features)) continue;
    for (const Values& v : values_of(s)) {
      if (v.axis != c.axis || c.admits(v.value)) continue;
      const bool keys = c.axis >= Axis::square_len && c.axis <= Axis::kv_len;
      const std::int64_t value =
          near(draw, c.observed.set(), v.value, keys ? most_keys : ExtentSet::kNoLimit);
      switch (c.axis) {
        case Axis::batch:
          s.batch = value;
          break;
        case Axis::kv_heads:
          s.q_heads = s.q_heads / s.kv_heads * value;
          s.kv_heads = value;
          break;
        case Axis::group:
          s.q_heads = value * s.kv_heads;
          break;
        case Axis::square_len:
          s.q_len = s.kv_len = value;
          break;
        case Axis::q_len:
          s.q_len = value;
          break;
        case Axis::decode_kv_len:
        case Axis::kv_len:
          s.kv_len = value;
          break;
        case Axis::dim:
          s.qk_dim = s.v_dim = value;
          break;
        case Axis::count_:
          break;
      }
      return false;
    }
  }
  return true;
}

void Region::fit(Draw& draw, Outline& outline, std::int64_t most_keys) const {
  if (empty() || admits(outline)) return;
  for (int i = 0; i < kTries; ++i) {
    fit_dtypes(draw, outline);
    fit_lengths(draw, outline, most_keys);
    fit_dims(draw, outline);
    fit_heads(draw, outline);
    fit_options(draw, outline);
    const bool pairs = fit_pairs(draw, outline);
    if (pairs && fit_conditional(draw, outline, most_keys) && admits(outline)) return;
  }
  outline = some(draw);
}

void Region::lighten(Outline& outline, double work) const {
  Shape& s = outline.shape;
  const auto lower = [&](Axis axis, std::int64_t now) { return extents(axis).set().floor(now - 1); };
  while (s.work() > work) {
    const std::int64_t group = s.q_heads / s.kv_heads;
    const Shape before = s;
    if (const auto batch = lower(Axis::batch, s.batch)) {
      s.batch = *batch;
    } else if (const auto heads = lower(Axis::kv_heads, s.kv_heads)) {
      s.kv_heads = *heads;
      s.q_heads = group * *heads;
    } else if (const auto fewer = lower(Axis::group, group); fewer && group > 2) {
      s.q_heads = *fewer * s.kv_heads;
    } else {
      switch (lengthwise_of(s.q_len, s.kv_len)) {
        case Lengthwise::square:
          if (const auto n = lower(Axis::square_len, s.q_len)) s.q_len = s.kv_len = *n;
          break;
        case Lengthwise::decode:
          if (const auto n = lower(Axis::decode_kv_len, s.kv_len); n && *n > 1) s.kv_len = *n;
          break;
        default: {
          std::int64_t& longer = s.q_len > s.kv_len ? s.q_len : s.kv_len;
          const std::int64_t shorter = std::min(s.q_len, s.kv_len);
          const auto n = lower(s.q_len > s.kv_len ? Axis::q_len : Axis::kv_len, longer);
          if (n && *n > shorter) longer = *n;
          break;
        }
      }
    }
    Outline trial = outline;
    if (s.work() >= before.work() || !admits(trial)) {
      s = before;
      return;
    }
  }
}

}  // namespace attest::check
