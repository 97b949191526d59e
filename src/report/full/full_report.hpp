// The results that `attest report` collects, from which its JSON and Markdown are made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "forms/error_growth.hpp"
#include "forms/laws/matrix.hpp"
#include "prove/coq.hpp"
#include "prove/prove.hpp"
#include "report/full/costs.hpp"
#include "report/header.hpp"
#include "space/kernel_memory.hpp"
#include "space/space_report.hpp"

namespace attest::report {

struct UnavailableKernel {
  std::string name;
  std::string why;
};

struct FullReport {
  std::uint64_t seed = 0;
  std::string effort;
  std::vector<forms::Cell> matrix;  ///< laws on attest's own forms
  forms::ErrorGrowth growth;
  std::vector<prove::TheoremReport> proofs;
  double proof_seconds = 0;
  prove::CoqReport coq{"not asked", "", {}};
  space::SpaceReport space;
  std::vector<space::KernelMemory> kernel_memory;
  std::vector<check::KernelReport> kernels;
  std::vector<UnavailableKernel> unavailable;
  std::optional<Costs> costs;  ///< of the last run of ./attest bench
};

/// Schema attest.report/1.
Json report_json(const FullReport& report);

}  // namespace attest::report
