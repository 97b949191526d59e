// Describes a case in a few words: its shape, features, and inputs if they are few.
#pragma once

#include <string>
#include <vector>

#include "check/record/finding.hpp"

namespace attest::report {

/// One line per tensor: "q = 0", "v = 0 except v[0,0,3,0] = 64", "k: 4,096 values". Tensors that are all zero
/// are named together.
std::vector<std::string> input_lines(const Problem& problem);

/// "out[0,0,1,2]" or "lse[0,0,1]".
std::string element_name(const oracle::Element& element);

/// The command that reproduces the finding: a replay of its case file, or a check of its row of a capture.
/// Precondition: finding.file is not empty.
std::string replay_command(const check::Finding& finding);

/// What a report that may be read elsewhere says of such commands.
inline constexpr const char* kReplayNote =
    "Replay commands read case files that this run wrote. Where they are missing, make the report again: the "
    "same seed gives the same case files.";

}  // namespace attest::report
