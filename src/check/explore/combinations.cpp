#include <algorithm>

#include "check/explore/changed.hpp"
#include "check/explore/explorer.hpp"
#include "check/explore/learn.hpp"

namespace attest::check {

// What was declined next to the first problem may be taken next to others.
void Explorer::ask_again() {
  const std::vector<std::pair<Outline, Outline>> declined = std::move(declined_);
  declined_.clear();
  std::int64_t left = 96;
  for (const auto& [from, outline] : declined) {
    const Atoms apart = differences(from, outline);
    const bool worth = apart.size() == 1 && (apart.front().kind <= Atom::Kind::option ||
                                             apart.front().kind == Atom::Kind::lengths);
    if (!worth || region_.taken(outline, apart.front())) continue;
    if (apart.front().kind == Atom::Kind::lengths &&
        region_.decided(lengthwise_of(outline.shape.q_len, outline.shape.kv_len)) !=
            Region::Decided::declined)
      continue;
    for (const Outline& other : elsewhere(outline, apart.front())) {
      if (left-- <= 0 || prober_.exhausted()) return;
      if (!takes(other)) continue;
      learn_from(region_, prober_, outline);
      break;
    }
  }
}

std::vector<Outline> Explorer::elsewhere(const Outline& outline, const Atom& choice) const {
  std::vector<Outline> others;
  const auto add = [&](const Outline& other) {
    Outline trial = with_choices(other, outline, {choice});
    if (!(trial == outline)) others.push_back(trial);
  };
  for (const int kind : {2, 1, 0}) {
    const Outline causal = with_causal(base(), kind);
    if (!(causal == base()) && choice.kind != Atom::Kind::causal) add(causal);
  }
  const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
  if (choice.kind != Atom::Kind::lengths) {
    add(with_lengths(base(), 1, n));
    add(with_lengths(base(), n, n));
  }
  if (choice.kind != Atom::Kind::dims) {
    add(with_dims(base(), 128, 128));
    add(with_dims(base(), 64, 64));
    add(with_dims(base(), 16, 16));
  }
  Outline lens = base();
  lens.options.add(Feature::kv_lens);
  add(lens);
  // An option that has to be there may stand in for another.
  if (choice.kind == Atom::Kind::option && !outline.options.has(choice.feature)) {
    for (std::size_t f = 0; f < kFeatures; ++f) {
      if (region_.decided(static_cast<Feature>(f)) != Region::Decided::accepted) continue;
      if (base().options.test(f) || lacks_prerequisite(static_cast<Feature>(f), outline.options)) continue;
      Outline other = base();
      other.options.set(f);
      add(other);
    }
  }
  if (choice.kind == Atom::Kind::dtypes) {
    Outline decoding = with_lengths(lens, 1, n);
    add(with_dims(decoding, 128, 128));
  }
  return others;
}

// Every accepted option on top of the ones before, then the same with each of the dtypes, lengths and
// heads: what is declined only together shows.
void Explorer::ask_together() {
  Outline all = light();
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (!is_option(feature) || region_.decided(feature) != Region::Decided::accepted) continue;
    if (feature == Feature::causal_top_left || feature == Feature::zero_scale) continue;
    if (all.options.has(feature) || lacks_prerequisite(feature, all.options)) continue;
    Outline more = all;
    if (feature == Feature::causal_bottom_right)
      more.options.set(static_cast<std::size_t>(Feature::causal_top_left), false);
    more.options.add(feature);
    if (takes(more))
      all = more;
    else
      learn_from(region_, prober_, more);
    if (prober_.exhausted()) return;
  }
  std::vector<Outline> others;
  for (const DTypePair& dtypes : all_dtypes()) {
    if (region_.decided(dtypes) != Region::Decided::accepted || dtypes == all.dtypes) continue;
    others.push_back(all);
    others.back().dtypes = dtypes;
  }
  const std::int64_t n = std::max<std::int64_t>(base().shape.kv_len, 16);
  for (const Outline& other :
       {with_lengths(all, 1, n), with_lengths(all, n, 2 * n), with_lengths(all, 2 * n, n)}) {
    if (region_.admits(other)) others.push_back(other);
  }
  prober_.announce(others);
  for (const Outline& other : others) {
    if (!takes(other) && !prober_.exhausted()) learn_from(region_, prober_, other);
  }
}

}  // namespace attest::check
