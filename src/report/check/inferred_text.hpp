// Inferred contracts in reports.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// "under f32;splits=8;merge=lse (inferred from case 12)"
std::string inferred_title(const check::InferredContract& inferred);
/// "merges splits by (lse, o) (inferred from case 12): declare f32;splits=8;merge=lse"; for a contract that
/// makes a kernel suspect.
std::string inferred_reason(const check::InferredContract& inferred);
/// What the kernel does, the field to declare, and the smallest case that shows it. Ends with a newline.
std::string inferred_text(const check::InferredContract& inferred);
/// Fields, class, case and evidence.
nlohmann::ordered_json inferred_json(const check::InferredContract& inferred);

}  // namespace attest::report
