// The scalars of a problem as texts of a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "problem/problem.hpp"

namespace attest::files {

/// What an error lists as the values of causal.
inline constexpr std::string_view kCausalValues = "none, top-left or bottom-right";

/// `name` stands for the text in messages. Both throw FileFormatError for a text that is no such number;
/// whole numbers may be written as "3.0", as some writers of scalars do.
double number_from(const std::string& name, const std::string& text);
std::int64_t whole_from(const std::string& name, const std::string& text);

/// By name, or as the ABI's number. True is taken where it can mean only one thing: where q_start is given,
/// or q_len is kv_len. A problem with q_start gives bottom_right for it. Throws FileFormatError, also where
/// q_start contradicts top-left or bottom-right. Precondition: q, k and q_start of the problem are set.
Causal causal_from(std::string text, const Problem& problem, bool has_kv_lens);

/// Leaves q_start out where the ABI's rule gives the same positions, or where nothing depends on them.
void simplify_q_start(Problem& problem);

/// As causal_from reads it for the problem.
std::string causal_text(const Problem& problem);

}  // namespace attest::files
