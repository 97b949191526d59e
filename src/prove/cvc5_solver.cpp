#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "prove/process.hpp"
#include "prove/solver.hpp"

namespace attest::prove {

Answer ask_cvc5(const std::string& smt2, const Limits& limits) {
  const ScriptFile script(smt2, "smt2");
  // --fp-exp: formats other than f32 and f64. The limit is processor time, so that a busy machine changes no
  // verdict; cvc5's own, in real time, ends one that waits.
  const auto seconds = static_cast<std::int64_t>(std::ceil(limits.seconds));
  const ProcessOutput output =
      run_process(fmt::format("ulimit -t {}; exec cvc5 --lang=smt2 --fp-exp --seed={} --tlimit={} '{}' 2>&1",
                              seconds, limits.seed, seconds * 20 * 1000, script.path()));
  const std::string line = first_line(output.text);
  if (line == "unsat") return Answer::unsat;
  if (line == "sat") return Answer::sat;
  if (output.cpu_limit || output.text.find("interrupted by timeout") != std::string::npos)
    return Answer::timeout;
  if (line == "unknown" || output.killed) return Answer::unknown;  // a crash of the solver decides nothing
  throw SolverError(fmt::format("cvc5 rejects a script: {}", line));
}

std::string cvc5_version() {
  const std::string line =
      first_line(run_process("cvc5 --version 2>/dev/null").text);  // "This is cvc5 version 1.0.3"
  return line.rfind("This is cvc5", 0) == 0 ? line.substr(line.rfind(' ') + 1) : "";
}

}  // namespace attest::prove
