// The machine that a report was made on, as far as it can affect results.
#pragma once

#include <nlohmann/json.hpp>

namespace attest::report {

/// {"cpu": model name, "isa": instruction sets that kernels choose by, "threads": hardware threads}
nlohmann::ordered_json host_json();

}  // namespace attest::report
