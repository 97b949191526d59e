// One question about a kernel's arithmetic, and its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/infer/probe_kernel.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {

struct ProbeResult {
  std::optional<std::string> value;  ///< of the field, as with_fields reads it; none: unknown
  std::string evidence;              ///< what the kernel returned, or why nothing follows
};

/// What earlier probes found out; later ones rest on it.
struct Known {
  std::optional<int> score_bits, numerator_bits, denominator_bits;
  std::optional<std::string> division;
  std::optional<std::int64_t> tile;
  std::optional<double> weight_error;  ///< of exponentials; none: as small as results tell
  std::optional<Format> query;         ///< what q is converted to
};

struct Probe {
  std::string_view name, field, shows;
  ProbeResult (*run)(ProbeKernel& kernel, Known& known) = nullptr;
};

/// In the order in which they rest on each other.
const std::vector<Probe>& probes();

/// The value of a contract's field, as with_fields reads it. Precondition: the field exists.
std::string value_in(const oracle::Contract& contract, std::string_view field);

/// The format of this precision; none: no contract has it.
std::optional<std::string> format_of_bits(int bits);

#define PROBE(id, field, shows) ProbeResult probe_##id(ProbeKernel& kernel, Known& known);
#include "check/infer/probes.def"

}  // namespace attest::check
