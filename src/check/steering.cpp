#include "check/steering.hpp"

#include <algorithm>
#include <cmath>

namespace attest {
namespace {

constexpr std::size_t kDimsKept = 16;
constexpr double kConvicted = 1;       // blame, or ...
constexpr std::int64_t kAsked = 3;     // ... declines from which a feature never accepted counts as declined
constexpr std::uint8_t kApart = 3;     // declines after which a pair is kept apart
constexpr double kLeastChance = 1e-3;  // nothing is given up for ever: some declines depend on sizes

bool is_dtype(std::size_t f) {
  return f >= static_cast<std::size_t>(Feature::f64) && f <= static_cast<std::size_t>(Feature::bf16);
}

template <class Visit>
void for_each_feature(const FeatureSet& set, Visit visit) {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (set.test(f)) visit(f);
  }
}

}  // namespace

void Steering::accepted(const Problem& problem, const FeatureSet& features) {
  const std::pair dims{problem.qk_dim(), problem.v_dim()};
  if (std::find(dims_.begin(), dims_.end(), dims) == dims_.end()) dims_.push_back(dims);
  if (dims_.size() > kDimsKept) dims_.erase(dims_.begin());
  for_each_feature(features, [&](std::size_t f) {
    accepted_.set(f);
    blame_[f] = 0;
    together_[f] |= features;
    for_each_feature(features, [&](std::size_t g) { pair_blame_[f][g] = 0; });
  });
  recent_declines_ -= recent_declines_ / 16;
}

void Steering::declined(const FeatureSet& features) {
  std::vector<std::size_t> suspects;
  for_each_feature(features, [&](std::size_t f) {
    ++asked_[f];
    if (!accepted_.test(f)) suspects.push_back(f);
  });
  for (const std::size_t f : suspects) blame_[f] += 1.0 / static_cast<double>(suspects.size());
  if (suspects.empty()) blame_pairs(features);
  recent_declines_ = std::min<std::int64_t>(recent_declines_ + 4, 64);
}

void Steering::blame_pairs(const FeatureSet& features) {
  for_each_feature(features, [&](std::size_t f) {
    for_each_feature(features, [&](std::size_t g) {
      if (f != g && !together_[f].test(g) && pair_blame_[f][g] < 255) ++pair_blame_[f][g];
    });
  });
}

GenContext Steering::context() const {
  GenContext context = base_;
  // Many declines for reasons that no single feature explains: plainer problems.
  const double pressure = static_cast<double>(recent_declines_) / 64;
  context.known_dims = dims_;
  context.prefer_known_dims = dims_.empty() ? 0 : pressure;
  context.plain = std::min(0.5, base_.plain + 0.5 * pressure);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const double factor = std::exp2(-3 * blame_[f]);
    const double least = is_dtype(f) ? kLeastChance * kLeastChance : kLeastChance;
    context.chance[f] = std::max(base_.chance[f] * factor, std::min(base_.chance[f], least));
    for (std::size_t g = 0; g < kFeatures; ++g) {
      if (pair_blame_[f][g] >= kApart) context.apart[f].set(g);
    }
  }
  return context;
}

std::vector<std::string> Steering::never_accepted() const {
  std::vector<std::string> names;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (!accepted_.test(f) && (blame_[f] >= kConvicted || asked_[f] >= kAsked))
      names.emplace_back(name_of(static_cast<Feature>(f)));
  }
  return names;
}

}  // namespace attest
