#include "check/region/difference.hpp"

#include <algorithm>

namespace attest::check {
namespace {

bool is_causal(Feature f) { return f == Feature::causal_top_left || f == Feature::causal_bottom_right; }

bool same_causal(const Outline& a, const Outline& b) {
  return a.options.has(Feature::causal_top_left) == b.options.has(Feature::causal_top_left) &&
         a.options.has(Feature::causal_bottom_right) == b.options.has(Feature::causal_bottom_right);
}

void take(Outline& to, const Outline& from, Feature f) {
  to.options.set(static_cast<std::size_t>(f), from.options.has(f));
}

void take(Outline& to, const Outline& from, const Atom& atom) {
  Shape& s = to.shape;
  const std::int64_t group = s.q_heads / s.kv_heads;
  switch (atom.kind) {
    case Atom::Kind::dtypes:
      to.dtypes = from.dtypes;
      return;
    case Atom::Kind::causal:
      take(to, from, Feature::causal_top_left);
      take(to, from, Feature::causal_bottom_right);
      return;
    case Atom::Kind::option:
      take(to, from, atom.feature);
      return;
    case Atom::Kind::batch:
      s.batch = from.shape.batch;
      return;
    case Atom::Kind::kv_heads:
      s.kv_heads = from.shape.kv_heads;
      s.q_heads = group * s.kv_heads;
      return;
    case Atom::Kind::group:
      s.q_heads = from.shape.q_heads / from.shape.kv_heads * s.kv_heads;
      return;
    case Atom::Kind::lengths:
      s.q_len = from.shape.q_len;
      s.kv_len = from.shape.kv_len;
      return;
    case Atom::Kind::dims:
      s.qk_dim = from.shape.qk_dim;
      s.v_dim = from.shape.v_dim;
      return;
  }
}

Atoms without(const Atoms& atoms, std::size_t from, std::size_t count) {
  Atoms rest(atoms.begin(), atoms.begin() + static_cast<std::ptrdiff_t>(from));
  rest.insert(rest.end(), atoms.begin() + static_cast<std::ptrdiff_t>(std::min(atoms.size(), from + count)),
              atoms.end());
  return rest;
}

}  // namespace

Atoms differences(const Outline& a, const Outline& b) {
  Atoms atoms;
  const auto add = [&](bool on, Atom::Kind kind) {
    if (on) atoms.push_back({kind, Feature::lse});
  };
  add(a.dtypes != b.dtypes, Atom::Kind::dtypes);
  add(!same_causal(a, b), Atom::Kind::causal);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    if (is_option(feature) && !is_causal(feature) && a.options.test(f) != b.options.test(f))
      atoms.push_back({Atom::Kind::option, feature});
  }
  add(a.shape.batch != b.shape.batch, Atom::Kind::batch);
  add(a.shape.kv_heads != b.shape.kv_heads, Atom::Kind::kv_heads);
  add(a.shape.q_heads / a.shape.kv_heads != b.shape.q_heads / b.shape.kv_heads, Atom::Kind::group);
  add(a.shape.q_len != b.shape.q_len || a.shape.kv_len != b.shape.kv_len, Atom::Kind::lengths);
  add(a.shape.qk_dim != b.shape.qk_dim || a.shape.v_dim != b.shape.v_dim, Atom::Kind::dims);
  return atoms;
}

Outline with_choices(Outline to, const Outline& from, const Atoms& choices) {
  for (const Atom& atom : choices) take(to, from, atom);
  return to;
}

// Halves first, as in Zeller's delta debugging: whatever can be left out is, as long as the rest is declined.
Atoms least_difference(const Outline& accepted, const Outline& declined,
                       const std::function<bool(const Outline&)>& takes, int most_calls) {
  Atoms atoms = differences(accepted, declined);
  int calls = 0;
  for (std::size_t part = std::max<std::size_t>(1, atoms.size() / 2); part >= 1; part /= 2) {
    for (std::size_t at = 0; at < atoms.size() && atoms.size() > 1;) {
      if (calls++ == most_calls) return atoms;
      Atoms fewer = without(atoms, at, part);
      if (!fewer.empty() && !takes(with_choices(accepted, declined, fewer)))
        atoms = std::move(fewer);
      else
        at += part;
    }
  }
  return atoms;
}

}  // namespace attest::check
