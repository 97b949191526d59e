#include "faults/hypothesis.hpp"

namespace attest::faults {

const std::vector<Hypothesis>& all_hypotheses() {
  static const std::vector<Hypothesis> list = [] {
    std::vector<Hypothesis> made;
    for (const KernelFaultEntry& entry : fault_catalogue()) {
      if (entry.signature != entry.fault) continue;
      if (entry.depends == Depends::nothing) {
        made.push_back({entry.fault, 0});
        continue;
      }
      for (const int tile : {16, 32, 64, 128}) made.push_back({entry.fault, tile});
    }
    return made;
  }();
  return list;
}

}  // namespace attest::faults
