// The kinds of findings, by what was observed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace attest::laws {

enum class FindingKind : std::uint8_t {
  wrong_value,       ///< a finite value outside the bound, or different bits where a law requires equal ones
  nan,               ///< NaN, or an infinity, where every correct kernel returns a finite value
  nondeterministic,  ///< the same call twice, different bits
  uninitialised,     ///< the result depends on what the output held before the call
  memory,            ///< an access outside the tensors
  input_mutated,     ///< the kernel wrote to its inputs
  crash,             ///< the worker died
  timeout,           ///< no answer within the time limit
  failed,            ///< the kernel returned a status that is neither ok nor unsupported
  environment,       ///< the call changed the state of its process
  lse,               ///< the log-sum-exp is wrong
  declined,          ///< the kernel declined a problem that --require names
};

/// The name in reports and JSON: "wrong-value", "input-mutated", ...
std::string_view name_of(FindingKind kind);
std::optional<FindingKind> finding_kind_from_name(std::string_view name);

}  // namespace attest::laws
