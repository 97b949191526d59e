// Laws on kernels as Markdown: families side by side, and each kernel by itself.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest {

/// A table of laws down and families of kernels ("ggml" for ggml:x64 and ggml:f16) across, which names the
/// members that break a law; then what was seen that breaks nothing.
std::string laws_markdown(const std::vector<KernelReport>& kernels);

/// A row a law of one kernel: its status, cases, whether its runs agreed bit for bit, why it does not apply
/// or how it is broken, and what was seen beside.
std::string kernel_laws_markdown(const KernelReport& kernel);

}  // namespace attest
