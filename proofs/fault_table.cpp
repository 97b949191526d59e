#include "fault_table.hpp"

#include <algorithm>
#include <stdexcept>

#include "theorems.hpp"

namespace attest {
namespace {

const Theorem& named(const std::string& name) {
  const auto found = std::find_if(theorems().begin(), theorems().end(),
                                  [&](const Theorem& theorem) { return theorem.name == name; });
  if (found == theorems().end()) throw std::logic_error("no theorem " + name);
  return *found;
}

RecurrenceFault by_semantics(std::string number, std::string name, const std::string& theorem, Fault fault) {
  return {std::move(number), std::move(name), theorem, named(theorem).with_fault(fault)};
}
RecurrenceFault by_twin(std::string number, std::string name, const std::string& theorem) {
  return {std::move(number), std::move(name), theorem, named(theorem).twin.statement};
}

}  // namespace

std::vector<RecurrenceFault> recurrence_faults() {
  return {
      by_semantics("5", "keys past the end given score 0", "masked-keys", Fault::masked_like_score_zero),
      by_twin("7", "softcap after the mask: a masked key scores -cap", "masked-fill"),
      by_semantics("8", "a fully masked tile: exp(-inf - -inf)", "no-nan-f16", Fault::unguarded),
      by_twin("9a", "the max starts at -1e4", "sentinel-1e4"),
      by_twin("9b", "the max starts at -5e4", "sentinel-5e4"),
      by_twin("9c", "the mask fills with a finite score", "masked-fill"),
      by_semantics("10a", "the max updated before the old one is read", "merge-adds-sums",
                   Fault::nothing_rescaled),
      by_semantics("10b", "only the denominator rescaled", "merge-adds-sums", Fault::numerator_not_rescaled),
      by_semantics("10c", "only the numerator rescaled", "merge-adds-sums", Fault::denominator_not_rescaled),
      by_twin("11", "divided by l inside the loop", "divide-once"),
      by_twin("12", "lse written in one base, merged in another", "lse-merge"),
      by_twin("13", "the lse of an empty split is 0", "empty-split"),
      by_twin("18", "a 16-bit sum where a tree of sums is assumed", "saturation-f16"),
      by_semantics("21", "a key missing from the denominator", "tile-loop", Fault::weight_not_counted),
      by_twin("24", "D = rowsum(dO O) omitted", "gradient"),
  };
}

}  // namespace attest
