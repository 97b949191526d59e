// The header of every JSON output.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace attest::report {

using Json = nlohmann::ordered_json;

/// {"schema": "attest.<command>/1", "version", "seed", "host"}.
Json report_header(const std::string& command, std::uint64_t seed);

}  // namespace attest::report
