// Laws on kernels as Markdown, for families of kernels and for single kernels.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// A table with one row per law and one column per family of kernels ("ggml" for ggml:x64 and ggml:f16),
/// which names the members that break a law; then the observations that are not defects.
std::string laws_markdown(const std::vector<check::KernelReport>& kernels);

/// One row per law of one kernel: status, cases, whether its runs agreed bit for bit, why it does not apply
/// or how it is broken, and other observations.
std::string kernel_laws_markdown(const check::KernelReport& kernel);

}  // namespace attest::report
