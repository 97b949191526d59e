// The JSON of `attest check` (schema attest.check/1) and the parts that every report shares.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/record/kernel_report.hpp"

namespace attest {

using Json = nlohmann::ordered_json;

/// {"schema": "attest.<command>/1", "version", "seed", "host"}: how every JSON of attest begins.
Json report_header(const std::string& command, std::uint64_t seed);

/// One element of kernels[].
Json kernel_json(const KernelReport& report);

}  // namespace attest
