// No correct kernel is flagged: rows of attest's own forms in machine and emulated floats, and of real
// kernels on ordinary inputs, judged by the certified bound of the contract that each keeps.
//
// A flag is a fault of the bound, or a departure of a real kernel that is_departure documents.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "forms/worlds/form_world.hpp"
#include "problem/problem.hpp"

namespace attest::properties {

/// What became of the rows of one form in one kind of number, or of one real kernel.
struct FlagCount {
  std::string subject;
  std::int64_t certified = 0;    ///< rows of which every element has an informative bound
  std::int64_t uncertified = 0;  ///< rows of which some element has none
  std::int64_t flagged = 0;      ///< certified rows with an element beyond its bound
  std::int64_t departures = 0;   ///< rows of problems that is_departure names
  std::int64_t departed = 0;     ///< of those, rows with an element beyond its bound
  std::int64_t failures = 0;  ///< calls that gave no result: a finding about the kernel, not about the bound
  std::string first;          ///< the first flagged row, or else failure, in words
};

/// Judges `rows` rows of a form, lse included where the kind of number has one. Rows of few keys, where a
/// missing term of the bound is not hidden by others, and rows of up to 300, where sums have many.
FlagCount count_form_flags(const forms::FormWorld& world, const forms::FormEntry& form, std::int64_t rows,
                           std::uint64_t seed);

/// Every form in every kind of float, `rows` rows each, on `jobs` threads; the counts do not depend on those.
std::vector<FlagCount> count_all_form_flags(std::int64_t rows, std::uint64_t seed, unsigned jobs);

/// Judges at least `rows` rows of a kernel on generated problems of the families that are fit for statistics,
/// under `contract` in place of the declared one where it is not empty. Fewer where the kernel declines
/// nearly all.
FlagCount count_kernel_flags(const std::string& spec, std::int64_t rows, std::uint64_t seed,
                             const std::string& contract = "");

/// Every variant of oneDNN and ONNX Runtime that opens on this machine.
std::vector<FlagCount> count_all_kernel_flags(std::int64_t rows, std::uint64_t seed);

/// Whether the kernel is known, and documented in reports/report.md, to compute something else on such a
/// problem.
bool is_departure(const std::string& spec, const Problem& problem);

}  // namespace attest::properties
