// The names of what is wrong, used alike by the faulty kernels, the proofs' wrong programs and
// counterexamples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace attest::faults {

enum class RootCause : std::uint8_t {
#define FAULT(id, number, depends, signature, shows_in, sentence) id,
#define RECURRENCE_FAULT(id, number, sentence) id,
#include "faults/root_cause/root_causes.def"
};

struct RootCauseEntry {
  std::string_view name;
  std::string_view number;    ///< of the published root cause, and a letter for the variant
  std::string_view sentence;  ///< what a program with it does, without a final period
};

/// In the order of RootCause.
inline constexpr std::array kRootCauses{
#define FAULT(id, number, depends, signature, shows_in, sentence) RootCauseEntry{#id, number, sentence},
#define RECURRENCE_FAULT(id, number, sentence) RootCauseEntry{#id, number, sentence},
#include "faults/root_cause/root_causes.def"
};

constexpr const RootCauseEntry& entry_of(RootCause cause) {
  return kRootCauses.at(static_cast<std::size_t>(cause));
}

}  // namespace attest::faults
