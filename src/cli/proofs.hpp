// What the commands that prove share.
#pragma once

#include <vector>

#include "cli/command.hpp"
#include "prove/prove.hpp"

namespace attest {

/// prove(theorems, options) on the command's threads, with a line of progress on a terminal.
std::vector<TheoremReport> run_proofs(const std::vector<Theorem>& theorems, ProveOptions options,
                                      const CommonOptions& common);

/// A refuted theorem, or a twin that is proved, is a defect; what no solver decides is undecided, and so are
/// no theorems at all.
Exit exit_of(const std::vector<TheoremReport>& reports);

}  // namespace attest
