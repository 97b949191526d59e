// The mutation study compared with other suites' rules, and the sizes of faults that are found: as JSON, as
// text, and as a page in Markdown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/fault_study/resolution.hpp"
#include "check/peers/peer_study.hpp"
#include "report/header.hpp"

namespace attest::report {

/// {"rules": [...], "kernels": [...], "attest": {...}}
Json peers_json(const check::PeerStudy& study);
/// One line per rule, attest's last.
std::string peers_text(const check::PeerStudy& study);

/// A list: fault, type, effort, the smallest size found, and what found each.
Json resolution_json(const std::vector<check::Resolution>& study);
std::string resolution_text(const std::vector<check::Resolution>& study);

/// What one run of both studies found; either may be empty.
struct Detection {
  check::PeerStudy peers;
  std::vector<check::Resolution> resolution;
  std::string effort;
  std::uint64_t seed = 1;
  std::int64_t control_cases = 0;  ///< that attest put to each control in each type
};
std::string detection_markdown(const Detection& detection);

/// "3 of 12 (25 %)"; "-" of none.
std::string share_text(const check::PeerStudy::Count& accepted);
/// "9 of 12": those that were not accepted; "-" of none.
std::string refused_text(const check::PeerStudy::Count& accepted);
/// "f32, f16": the types that a rule examines.
std::string types_of(const check::PeerRule& rule);

}  // namespace attest::report
