// The options of attest check.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/campaigns.hpp"
#include "cli/ci_outputs.hpp"
#include "cli/command.hpp"

namespace attest::cli {

struct CheckOptions {
  CommonOptions common;
  CiOptions ci;
  std::vector<std::string> kernels;
  std::string contract;
  CaseOptions size;
  std::string required;
  std::string required_bits;
  std::string findings_dir = "findings";
  std::int64_t rows = 0;
  std::string layout;
  std::string signature, device, python;
  std::string page_dir;
  std::string shard;
  bool all_laws = false;
  bool races = false;
};

Exit run_check(const CheckOptions& options);

}  // namespace attest::cli
