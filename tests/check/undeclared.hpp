// Kernels of the fault library that declare no contract.
#pragma once

#include <string>

#include "check/campaign/campaign.hpp"
#include "faults/catalogue.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::test {

inline kernel::InProcessKernel kernel_with(const std::string& contract, faults::KernelFault fault,
                                           const faults::faulty::Arithmetic& arithmetic) {
  kernel::KernelInfo info;
  info.name = "undeclared";
  info.contract = contract;
  return {info, [fault, arithmetic](const attest_forward& f) {
            return faults::faulty::forward(f, fault, arithmetic);
          }};
}

inline kernel::InProcessKernel undeclared(const faults::faulty::Arithmetic& arithmetic) {
  return kernel_with("", faults::KernelFault::none, arithmetic);
}

inline check::KernelReport campaign_on(kernel::Kernel& kernel, std::int64_t cases, DType dtype = DType::f32) {
  check::CampaignOptions options;
  options.dtype = dtype;
  options.cases = cases;
  options.budget_seconds = 3600;
  return run_campaign(kernel, options);
}

inline std::string told(const check::KernelReport& r) {
  std::string text(name_of(r.verdict));
  if (r.inferred) text += " under " + r.inferred->text;
  for (const check::Finding& f : r.findings)
    text += "\n" + f.law + ": " + f.summary + " [" + describe(f.problem) + "]";
  for (const std::string& why : r.alarm.suspicions) text += "\n" + why;
  for (const std::string& why : r.mistrust) text += "\n" + why;
  return text;
}

}  // namespace attest::test
