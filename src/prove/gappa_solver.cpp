#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "prove/process.hpp"
#include "prove/solver.hpp"

namespace attest::prove {

Answer ask_gappa(const std::string& script, const Limits& limits) {
  const ScriptFile file(script, "g");
  const auto seconds = static_cast<std::int64_t>(std::ceil(limits.seconds));
  const ProcessOutput output =
      run_process(fmt::format("ulimit -t {}; exec gappa '{}' 2>&1", seconds, file.path()));
  if (output.cpu_limit) return Answer::timeout;
  if (output.exit == 0) return Answer::unsat;
  if (output.text.find("some properties were not satisfied") != std::string::npos || output.killed)
    return Answer::unknown;
  throw SolverError(fmt::format("Gappa rejects a script: {}", first_line(output.text)));
}

std::string gappa_version() {
  const std::string line = first_line(run_process("gappa --version 2>/dev/null").text);  // "Gappa 1.4.1"
  return line.rfind("Gappa ", 0) == 0 ? line.substr(6) : "";
}

}  // namespace attest::prove
