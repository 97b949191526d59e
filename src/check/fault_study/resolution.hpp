// Faults of any size: the smallest that a check finds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/fault_study/fault_study.hpp"

namespace attest::check {

/// A fault whose size is a parameter.
struct GradedFault {
  std::string_view name;
  std::string_view sentence;  ///< what it does, with {} for the size
  std::string_view size;      ///< the size's form: "2^-{}", "10^-{}" or "{}"
  int first = 0, last = 0;    ///< the steps, from the largest fault to the smallest
  faults::faulty::Arithmetic (*arithmetic)(int step);
};
const std::vector<GradedFault>& graded_faults();

/// "2^-7": the size at a step.
std::string graded_size(const GradedFault& fault, int step);

/// One graded fault in one type at one effort.
struct Resolution {
  std::string name;
  DType dtype = DType::f32;
  Effort effort = Effort::quick;
  /// What found each step, from the first on: a law, "alarm" for the verdict suspect. All but the last step
  /// that was tried were found, or all of them if `all_found`.
  std::vector<std::string> found_by;
  bool all_found = false;
};

/// Each graded fault in each type of the options, at each effort from quick to options.effort, from its first
/// step to the first that is not found. A kernel that is right but for the fault declares its contract.
std::vector<Resolution> run_resolution_study(const StudyOptions& options,
                                             const std::vector<GradedFault>& faults = graded_faults());

}  // namespace attest::check
