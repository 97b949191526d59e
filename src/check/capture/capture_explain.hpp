// Whether another contract explains the violations of a capture.
#pragma once

#include <optional>

#include "check/explain/search.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::check {

struct CapturedCase {
  const Problem& problem;
  const Result& result;
  const oracle::ContractSet& contract;
  const oracle::JudgeOptions& how;
};

/// The least relaxation under which every judged output is within its bound. The row of `worst`, a violated
/// element, is asked first. `first`: the class to start from.
std::optional<Relaxations> explain_capture(const CapturedCase& captured, const oracle::Element& worst,
                                           RelaxationClass first);

}  // namespace attest::check
