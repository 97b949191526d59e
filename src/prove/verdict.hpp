// The verdict on a theorem.
#pragma once

#include <cstdint>
#include <string_view>

namespace attest::prove {

/// From best to worst, except that `vacuous` overrides all others.
enum class ProofVerdict : std::uint8_t {
  proved,   ///< the negated goal is unsatisfiable
  timeout,  ///< the solver ran out of time
  unknown,  ///< the solver gave up
  refuted,  ///< the negated goal has a model
  vacuous,  ///< the hypotheses contradict each other, so they prove anything
};

std::string_view name_of(ProofVerdict verdict);
/// The combined verdict on two goals.
ProofVerdict worse(ProofVerdict a, ProofVerdict b);

}  // namespace attest::prove
