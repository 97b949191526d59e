#include <algorithm>
#include <optional>

#include "check/region/choice.hpp"
#include "check/region/region.hpp"

namespace attest::check {
namespace {

bool is_extent(const Atom& atom) { return atom.kind >= Atom::Kind::batch; }

std::optional<Trait> condition_of(const Outline& anchor, const Outline& declined, const Atom& atom) {
  const auto with = [](Feature f) { return Trait{Trait::Kind::with, f, {}}; };
  switch (atom.kind) {
    case Atom::Kind::dtypes:
      return Trait{Trait::Kind::dtypes, Feature::lse, declined.dtypes};
    case Atom::Kind::causal:
      if (causal_of(declined) == CausalKind::top_left) return with(Feature::causal_top_left);
      if (causal_of(declined) == CausalKind::bottom_right) return with(Feature::causal_bottom_right);
      return Trait{Trait::Kind::not_causal, Feature::lse, {}};
    case Atom::Kind::option:
      return Trait{
          declined.options.has(atom.feature) ? Trait::Kind::with : Trait::Kind::without, atom.feature, {}};
    case Atom::Kind::batch:
      if (anchor.shape.batch == 1) return with(Feature::several_batches);
      break;
    case Atom::Kind::kv_heads:
      if (anchor.shape.q_heads == 1) return with(Feature::several_heads);
      break;
    case Atom::Kind::group:
      if (anchor.shape.q_heads == anchor.shape.kv_heads) return with(Feature::grouped_heads);
      break;
    case Atom::Kind::lengths: {
      const Shape& s = declined.shape;
      if (s.q_len * s.kv_len == 0) return std::nullopt;
      const Lengthwise now = lengthwise_of(s.q_len, s.kv_len);
      if (lengthwise_of(anchor.shape.q_len, anchor.shape.kv_len) == now) break;
      if (now == Lengthwise::decode) return with(Feature::single_query);
      if (now == Lengthwise::more_keys) return with(Feature::longer_keys);
      if (now == Lengthwise::more_queries) return with(Feature::longer_queries);
      break;
    }
    case Atom::Kind::dims:
      if (declined.shape.qk_dim != declined.shape.v_dim && anchor.shape.qk_dim == anchor.shape.v_dim)
        return with(Feature::unequal_dims);
      break;
  }
  return std::nullopt;
}

}  // namespace

bool Region::convict(const Outline& anchor, const Outline& declined, const Atoms& choices) {
  if (choices.size() == 1) return convict_alone(anchor, declined, choices.front());
  if (choices.size() == 2) return convict_pair(anchor, declined, choices[0], choices[1]);
  return false;
}

bool Region::convict_alone(const Outline& anchor, const Outline& declined, const Atom& choice) {
  if (taken(declined, choice)) return false;
  switch (choice.kind) {
    case Atom::Kind::dtypes:
      dtypes_[declined.dtypes] = Decided::declined;
      return true;
    case Atom::Kind::causal:
      causal_[static_cast<std::size_t>(causal_of(declined))] = Decided::declined;
      return true;
    case Atom::Kind::option: {
      const auto f = static_cast<std::size_t>(choice.feature);
      (declined.options.test(f) ? with_ : without_)[f] = Decided::declined;
      return true;
    }
    case Atom::Kind::lengths:
      return convict_lengths(anchor, declined);
    case Atom::Kind::dims:
      return convict_dims(declined);
    default:
      break;
  }
  for (const Values& v : values_of(declined.shape)) {
    if (is_about(v.axis, choice)) observed(v.axis).decline(v.value);
  }
  return true;
}

bool Region::convict_dims(const Outline& declined) {
  const Shape& s = declined.shape;
  if (s.qk_dim == s.v_dim)
    observed(Axis::dim).decline(s.qk_dim);
  else
    unequal_declined_.insert({s.qk_dim, s.v_dim});
  return true;
}

bool Region::convict_lengths(const Outline& anchor, const Outline& declined) {
  const Shape& from = anchor.shape;
  const Shape& to = declined.shape;
  if (to.q_len == 0 || to.kv_len == 0) return false;
  const Lengthwise lengthwise = lengthwise_of(to.q_len, to.kv_len);
  if (lengthwise_of(from.q_len, from.kv_len) != lengthwise) {
    Decided& known = lengthwise_[static_cast<std::size_t>(lengthwise)];
    if (known == Decided::accepted) return false;
    known = Decided::declined;
    return true;
  }
  const std::vector<Values> values = values_of(to);
  const bool both = from.q_len != to.q_len && from.kv_len != to.kv_len;
  if (both && lengthwise != Lengthwise::square) return false;
  for (const Values& v : values) {
    const bool differs = v.axis == Axis::q_len ? from.q_len != to.q_len : from.kv_len != to.kv_len;
    if (is_about(v.axis, {Atom::Kind::lengths, Feature::lse}) && differs) observed(v.axis).decline(v.value);
  }
  return true;
}

bool Region::convict_pair(const Outline& anchor, const Outline& declined, const Atom& a, const Atom& b) {
  const std::optional<Trait> first = condition_of(anchor, declined, a);
  const std::optional<Trait> second = condition_of(anchor, declined, b);
  if (first && second) {
    std::pair pair = std::minmax(*first, *second);
    if (std::find(apart_.begin(), apart_.end(), std::pair<Trait, Trait>(pair)) == apart_.end())
      apart_.emplace_back(pair);
    return true;
  }
  if (first && is_extent(b)) return narrow_under(*first, declined, b);
  if (second && is_extent(a)) return narrow_under(*second, declined, a);
  return false;
}

// Under a condition a few lengths may be declined for values that no outline holds (how wide a window is):
// only a rule counts, multiples or a limit that several lengths agree on.
bool Region::ConditionalExtent::admits(std::int64_t value) const {
  constexpr std::size_t kAgreeing = 3;
  const ExtentSet& set = observed.set();
  const bool is_rule = set.least <= set.most && (set.step > 1 || observed.declined().size() >= kAgreeing);
  return !is_rule || set.contains(value);
}

ExtentObservations& Region::conditional(const Trait& condition, Axis axis) {
  for (ConditionalExtent& c : conditional_) {
    if (c.condition == condition && c.axis == axis) return c.observed;
  }
  conditional_.push_back({condition, axis, {}});
  for (const Outline& outline : accepted_) {
    if (!condition.holds(outline, features_of(outline))) continue;
    for (const Values& v : values_of(outline.shape)) {
      if (v.axis == axis) conditional_.back().observed.accept(v.value);
    }
  }
  return conditional_.back().observed;
}

bool Region::narrow_under(const Trait& condition, const Outline& declined, const Atom& extent) {
  bool any = false;
  for (const Values& v : values_of(declined.shape)) {
    if (!is_about(v.axis, extent)) continue;
    ExtentObservations& observed = conditional(condition, v.axis);
    // Of two lengths, the one that was taken under the condition is not the cause.
    if (observed.accepted().count(v.value) != 0) continue;
    observed.decline(v.value);
    any = true;
  }
  return any;
}

}  // namespace attest::check
