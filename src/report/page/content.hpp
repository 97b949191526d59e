// What a page is made of: the results that report.json and report.md are made of, too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "report/full/full_report.hpp"

namespace attest::report::page {

struct Content {
  std::string command;  ///< the command line that makes the page again
  std::uint64_t seed = 0;
  std::string effort;
  const std::vector<check::KernelReport>& kernels;
  const std::vector<UnavailableKernel>& unavailable;
  const FullReport* own = nullptr;  ///< attest's own proofs, forms and measurements; null: not asked for
};

// Ids of elements, for links. They are made of positions, because names may hold anything.
std::string kernel_id(std::size_t kernel);
std::string law_id(std::size_t kernel, std::size_t law);
std::string finding_id(std::size_t kernel, std::size_t finding);

/// The position of the kernel whose details also hold for this one: its own, or that of the kernel with the
/// same bits.
std::size_t detailed(const std::vector<check::KernelReport>& kernels, std::size_t kernel);

}  // namespace attest::report::page
