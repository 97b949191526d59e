// The result does not depend on the number of threads.
//
// What it adds to "definition": other splits of rows and keys, and races that one thread cannot have. Whether
// the bits agree is reported.

#include <fmt/format.h>

#include "laws/catalogue.hpp"
#include "laws/two_runs.hpp"

namespace attest {
namespace {

std::string why_not(const Problem& p, const ContractSet&) {
  return p.batch() * p.q_len() == 0 ? "there is no row" : "";
}

std::vector<Call> calls(const Problem& p, const ContractSet&) {
  std::vector<Call> made;
  for (const int threads : {1, 2, 3}) {
    made.push_back({fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"), p});
    made.back().threads = threads;
  }
  return made;
}

}  // namespace

Law thread_invariance_law() {
  return {"thread invariance",
          "the result does not depend on the number of threads",
          "certified bound",
          why_not,
          nullptr,
          calls,
          relate_within_bounds,
          0.08};
}

}  // namespace attest
