// What came of a theorem.
#pragma once

#include <cstdint>
#include <string_view>

namespace attest {

/// From best to worst, except that `vacuous` voids whatever else was found.
enum class ProofVerdict : std::uint8_t {
  proved,   ///< the negated goal is unsatisfiable
  timeout,  ///< the solver's time was up
  unknown,  ///< the solver gave up
  refuted,  ///< the negated goal has a model
  vacuous,  ///< the hypotheses contradict each other: they prove anything
};

std::string_view name_of(ProofVerdict verdict);
/// The one that stands for two goals together.
ProofVerdict worse(ProofVerdict a, ProofVerdict b);

}  // namespace attest
