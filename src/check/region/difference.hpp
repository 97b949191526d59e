// The differences between two outlines, one choice at a time.
#pragma once

#include <functional>
#include <vector>

#include "check/outline/outline.hpp"

namespace attest::check {

/// One choice of an outline. The lengths are one choice, and so are the head dims: kernels have rules about
/// both at once.
struct Atom {
  enum class Kind : std::uint8_t { dtypes, causal, option, batch, kv_heads, group, lengths, dims };
  Kind kind = Kind::dtypes;
  Feature feature = Feature::lse;  ///< of an option

  friend bool operator==(const Atom&, const Atom&) = default;
};
using Atoms = std::vector<Atom>;

/// Those in which the two differ, in the order of Atom::Kind.
Atoms differences(const Outline& a, const Outline& b);

/// `to`, with these choices as in `from`.
Outline with_choices(Outline to, const Outline& from, const Atoms& choices);

/// The least set of choices of `declined` that makes `accepted` a declined problem, in the sense that none of
/// them can be left out. `takes` says whether the kernel takes an outline; it is asked at most `most_calls`
/// times, after which what is left may hold more than needed. Precondition: takes(accepted), and not
/// takes(declined).
Atoms least_difference(const Outline& accepted, const Outline& declined,
                       const std::function<bool(const Outline&)>& takes, int most_calls);

}  // namespace attest::check
