// Laws on kernels as Markdown, for families of kernels.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// A table with one row per law and one column per family of kernels ("ggml" for ggml:x64 and ggml:f16),
/// which names the members that break a law; then the observations that are not defects.
std::string laws_markdown(const std::vector<check::KernelReport>& kernels);

}  // namespace attest::report
