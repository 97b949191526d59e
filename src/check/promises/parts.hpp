// The parts of the list of promises, each a file; promises() joins them in the order of the header.
#pragma once

#include <string_view>
#include <vector>

#include "check/promises/promises.hpp"

namespace attest::check::promised {

inline constexpr std::string_view kHeadsQuote =
    "Query head h reads key/value head h / (q_heads / kv_heads); kv_heads divides q_heads.";

std::vector<Promise> positions();
std::vector<Promise> visibility();
std::vector<Promise> scores();
std::vector<Promise> outputs();
std::vector<Promise> tensors();
std::vector<Promise> extents();
std::vector<Promise> score_inputs();

}  // namespace attest::check::promised
