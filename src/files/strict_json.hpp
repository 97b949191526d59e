// JSON from untrusted files: within limits, and without what a reader could take in two ways.
#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

namespace attest::files {

struct JsonLimits {
  std::size_t values = std::size_t{1} << 20;  ///< numbers, texts, arrays and objects
  std::size_t members = 1024;                 ///< of one object
  int depth = 16;
};

/// Throws FileFormatError for text that is no JSON, exceeds a limit, or names a member twice. Memory stays in
/// proportion to the text, and below that of `limits.values` values and the texts.
nlohmann::ordered_json parse_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace attest::files
