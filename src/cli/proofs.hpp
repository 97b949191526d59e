// Shared by the commands that run proofs.
#pragma once

#include <vector>

#include "cli/command.hpp"
#include "prove/prove.hpp"

namespace attest::cli {

/// prove(theorems, options) on the command's threads, with a line of progress on a terminal.
std::vector<prove::TheoremReport> run_proofs(const std::vector<prove::Theorem>& theorems,
                                             prove::ProveOptions options, const CommonOptions& common);

/// A refuted theorem or a proved twin is a defect. A theorem that no solver decides is undecided, and so is
/// an empty list.
Exit exit_of(const std::vector<prove::TheoremReport>& reports);

}  // namespace attest::cli
