// Asks a kernel's operator in every form that it has.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "check/record/kernel_report.hpp"

namespace attest::check {

struct FormSurvey {
  std::string spec;           ///< of the kernel; one that has no forms is left alone
  std::string contract;       ///< as declared
  std::int64_t problems = 0;  ///< of each form; 0: nothing is asked
  std::uint64_t seed = 1;
  std::optional<DType> dtype;  ///< of the problems; none: every one
  std::chrono::milliseconds time_limit{10'000};
};

/// Draws problems of each form, judges what the kernel returns by its definition, and adds what it found to
/// the report: a line for each form, and findings. A finding with the same output, kind and law explains
/// those of forms that have all of its form's attributes; it is shrunk in its form, which its case file
/// names. Throws as open_kernel.
void survey_forms(const FormSurvey& survey, KernelReport& report);

}  // namespace attest::check
