// Writes proof obligations as SMT-LIB 2 files, for other solvers and for readers.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "prove/theorem.hpp"

namespace attest::prove {

struct Smt2FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes NAME-hypotheses.smt2 (sat), NAME-01.smt2, ... (unsat), and the twin's goals NAME-twin-01.smt2, ...
/// (at least one sat) to `folder`, which is created. Of Horn clauses (logic HORN) the answers are the other
/// way round; Gappa's scripts end in .g. Throws Smt2FileError when a file cannot be written.
void write_smt2(const std::filesystem::path& folder, const Theorem& theorem, const Obligation& obligation,
                const Obligation& twin);

}  // namespace attest::prove
