#include "check/explore/refusal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest::check {
namespace {

void apply(Outline& outline, const Requirement& r) {
  Shape& s = outline.shape;
  const std::int64_t group = s.q_heads / s.kv_heads;
  if (r.dtype) outline.dtypes = {*r.dtype, *r.dtype};
  if (r.axis) {
    switch (*r.axis) {
      case Axis::dim:
        s.qk_dim = s.v_dim = r.value;
        break;
      case Axis::q_len:
        s.q_len = r.value;
        break;
      case Axis::kv_len:
        s.kv_len = r.value;
        break;
      case Axis::batch:
        s.batch = r.value;
        break;
      case Axis::kv_heads:
        s.kv_heads = r.value;
        s.q_heads = group * r.value;
        break;
      default:
        s.q_heads = r.value * s.kv_heads;
    }
  }
  if (!r.feature) return;
  FeatureSet& options = outline.options;
  switch (*r.feature) {
    case Feature::grouped_heads:
      s.q_heads = 2 * s.kv_heads;
      return;
    case Feature::single_query:
      s.q_len = 1;
      return;
    case Feature::longer_keys:
      s.kv_len = 2 * s.q_len;
      return;
    case Feature::longer_queries:
      s.q_len = 2 * s.kv_len;
      return;
    case Feature::causal_top_left:
    case Feature::causal_bottom_right:
      options.set(static_cast<std::size_t>(Feature::causal_top_left), *r.feature == Feature::causal_top_left);
      options.set(static_cast<std::size_t>(Feature::causal_bottom_right),
                  *r.feature == Feature::causal_bottom_right);
      return;
    default:
      options.add(*r.feature);
  }
  if (!lacks_prerequisite(*r.feature, options)) return;
  options.add(*r.feature == Feature::negative_scale    ? Feature::scale
              : *r.feature == Feature::strided_vectors ? Feature::sink
              : *r.feature == Feature::masking_bias    ? Feature::bias
                                                       : Feature::mask);
}

// A length may be bound to the other, or to a single query.
std::vector<Outline> ways_to(const Outline& anchor, const std::vector<Requirement>& requirements) {
  std::vector<Outline> ways{with_requirements(anchor, requirements)};
  for (const Requirement& r : requirements) {
    if (r.either_alignment) {
      std::vector<Requirement> other = requirements;
      for (Requirement& o : other) {
        if (o.either_alignment) o.feature = Feature::causal_top_left;
      }
      ways.push_back(with_requirements(anchor, other));
    }
    if (r.axis != Axis::q_len && r.axis != Axis::kv_len) continue;
    Outline square = ways.front();
    square.shape.q_len = square.shape.kv_len = r.value;
    ways.push_back(square);
  }
  return ways;
}

}  // namespace

Outline with_requirements(Outline outline, const std::vector<Requirement>& requirements) {
  for (const Requirement& r : requirements) apply(outline, r);
  return outline;
}

std::vector<Refusal> refusals(Region& region, Prober& prober, const std::vector<Requirement>& requirements) {
  const auto taken = [&](const std::vector<Requirement>& some) {
    std::vector<Outline> anchors{region.base()};
    for (const Outline& known : region.plain_ones()) anchors.push_back(known);
    for (const Outline& anchor : anchors) {
      for (const Outline& way : ways_to(anchor, some)) {
        if (!prober.takes(way)) continue;
        region.accept(prober.as_asked(way));
        return true;
      }
    }
    return false;
  };
  std::vector<Refusal> refused;
  std::vector<std::string> names;
  for (const Requirement& r : requirements) {
    names.push_back(r.text);
    if (region.empty() || !taken({r}))
      refused.push_back(
          {r.text, region.empty() ? with_requirements({}, {r}) : with_requirements(region.base(), {r})});
  }
  if (refused.empty() && requirements.size() > 1 && !taken(requirements)) {
    refused.push_back(
        {fmt::format("{} together", fmt::join(names, ", ")), with_requirements(region.base(), requirements)});
  }
  return refused;
}

}  // namespace attest::check
