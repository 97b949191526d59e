#include "check/explore/explore.hpp"

#include <algorithm>

#include "check/explore/changed.hpp"
#include "check/explore/explorer.hpp"
#include "check/explore/ladder.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kSearchCalls = 320;  // for the first accepted problem
constexpr int kMostUnusual = 3;
constexpr std::size_t kBatch = 64;  // questions that a kernel with a slow start gets at once

}  // namespace

Region Explorer::explore() {
  if (!find_base()) return region_;
  ask_dtypes();
  ask_causality();
  ask_dims();
  ask_lengths();
  ask_heads();
  ask_options();
  if (options_.lean) return region_;
  ask_again();
  ask_together();
  return region_;
}

bool Explorer::find_base() {
  std::vector<Outline> rungs = ladder(kMostUnusual);
  if (!options_.dtypes.empty()) {
    rungs.erase(std::remove_if(rungs.begin(), rungs.end(),
                               [&](const Outline& rung) { return !is_wanted(rung.dtypes); }),
                rungs.end());
  }
  if (rungs.size() > kSearchCalls) rungs.resize(kSearchCalls);
  for (std::size_t at = 0; at < rungs.size() && !prober_.exhausted(); ++at) {
    if (at % kBatch == 0) {
      prober_.announce({rungs.begin() + static_cast<std::ptrdiff_t>(at),
                        rungs.begin() + static_cast<std::ptrdiff_t>(std::min(rungs.size(), at + kBatch))});
    }
    if (takes(rungs[at])) return true;
  }
  return false;
}

bool Explorer::is_wanted(const DTypePair& dtypes) const {
  return options_.dtypes.empty() ||
         std::find(options_.dtypes.begin(), options_.dtypes.end(), dtypes) != options_.dtypes.end();
}

bool Explorer::takes(const Outline& outline) {
  const bool taken = prober_.takes(outline);
  if (taken) region_.accept(prober_.as_asked(outline));
  return taken;
}

bool Explorer::ask(const Outline& from, const Outline& to) {
  if (prober_.exhausted()) return false;
  if (takes(to)) return true;
  if (prober_.exhausted()) return false;
  const Outline asked = prober_.as_asked(to);
  const Atoms apart = differences(from, asked);
  if (!apart.empty()) region_.convict(from, asked, apart);
  declined_.emplace_back(from, asked);
  return false;
}

void Explorer::ask_all(const Outline& from, const std::vector<Outline>& outlines) {
  prober_.announce(outlines);
  for (const Outline& to : outlines) ask(from, to);
}

void Explorer::ask_dtypes() {
  std::vector<Outline> outlines;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (dtypes == base().dtypes || !is_wanted(dtypes)) continue;
    outlines.push_back(base());
    outlines.back().dtypes = dtypes;
  }
  ask_all(Outline(base()), outlines);
}

void Explorer::ask_causality() {
  std::vector<Outline> outlines;
  for (const int kind : {0, 1, 2}) {
    Outline outline = with_causal(base(), kind);
    if (!(outline == base())) outlines.push_back(outline);
  }
  ask_all(Outline(base()), outlines);
}

Outline Explorer::for_layouts() {
  const Outline outline = light();
  for (const auto& [batch, heads] : {std::pair{2, 2}, {1, 2}, {2, 1}}) {
    Outline trial = outline;
    const std::int64_t group = trial.shape.q_heads / trial.shape.kv_heads;
    trial.shape.batch = batch;
    trial.shape.kv_heads = heads;
    trial.shape.q_heads = heads * group;
    if (takes(trial)) return trial;
  }
  return outline;
}

void Explorer::ask_options() {
  const Outline from = for_layouts();
  std::vector<Outline> outlines;
  const auto toggled = [](Outline outline, Feature f) {
    outline.options.flip(static_cast<std::size_t>(f));
    return outline;
  };
  std::vector<Feature> later;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (!is_option(feature) || feature == Feature::causal_top_left || feature == Feature::causal_bottom_right)
      continue;
    const bool laid_out = feature == Feature::strided_out || feature == Feature::shared_address ||
                          feature == Feature::far_offsets;
    if (laid_out && !options_.layouts) continue;
    if (lacks_prerequisite(feature, from.options))
      later.push_back(feature);
    else
      outlines.push_back(toggled(from, feature));
  }
  ask_all(from, outlines);
  for (const Feature f : later) {
    for (const Feature given :
         {Feature::bias, Feature::mask, Feature::scale, Feature::alibi, Feature::sink, Feature::kv_lens}) {
      Outline with = from;
      with.options.add(given);
      if (lacks_prerequisite(f, with.options) || region_.decided(given) != Region::Decided::accepted)
        continue;
      if (ask(with, toggled(with, f))) break;
    }
  }
}

Region explore(Prober& prober, const ExploreOptions& options) { return Explorer(prober, options).explore(); }

}  // namespace attest::check
