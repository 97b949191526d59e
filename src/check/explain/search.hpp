// The search for the least relaxation that explains what was seen.
#pragma once

#include <functional>
#include <optional>

#include "check/explain/relaxation.hpp"

namespace attest::check {

/// What relaxations make of all that was seen. In ascending order; of several cases, the least.
enum class Explained : std::uint8_t {
  wrong,      ///< an output is still outside its bound, or a law is broken
  undecided,  ///< nothing is, but nearly anything would be right
  in_doubt,   ///< a correct kernel may overflow there
  right,      ///< outputs are within a bound that says something, and no law is broken
};
using Ask = std::function<Explained(const Relaxations&)>;

/// More relaxations than these, apart from those adopted before, are no explanation. The search also asks for
/// larger sets, to learn what nothing allows.
inline constexpr std::size_t kMostRelaxations = 2;

/// Ordinary relaxations first: each alone, each in addition to those adopted before, then a pair. Then the
/// same with narrower ones. `first`: the class to start from. None: nothing explains it. The dtypes of the
/// breach select the rows of the table. If not even all relaxations together explain it, four questions show
/// that.
std::optional<Relaxations> least_explanation(DType q, DType kv, const Relaxations& adopted, const Ask& ask,
                                             RelaxationClass first = RelaxationClass::ordinary);

}  // namespace attest::check
