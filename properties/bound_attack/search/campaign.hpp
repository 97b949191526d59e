// Attacks on the certified bound in bulk: how many outputs were judged, and how near the bound any came.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "bound_attack/cases/case_spec.hpp"
#include "bound_attack/cases/contracts.hpp"
#include "bound_attack/emulator/emulator.hpp"
#include "bound_attack/emulator/random.hpp"
#include "bound_attack/search/hull_ratio.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::attack {

class StreamChooser : public Chooser {
 public:
  explicit StreamChooser(std::uint64_t seed) : random_(seed) {}
  int pick(int low, int high) override {
    return low + static_cast<int>(random_.below(static_cast<std::size_t>(high - low) + 1));
  }

 private:
  Random random_;
};

/// A contract of its own: the set that judge() takes.
oracle::ContractSet only(const oracle::Contract& contract);

/// The dtype that a contract's preset is for: the first word of its text names it.
DType narrow_dtype_of(const oracle::Contract& contract);

/// One case: what was asked, and what a kernel that keeps `kept` answered.
struct Attack {
  Problem problem;
  Result result;
};
Attack emulate_case(const CaseSpec& spec, const oracle::Contract& kept, Fault fault = Fault::none);

/// Runs one case under `kept` and judges it against `claimed`.
oracle::Judgement attack_once(const CaseSpec& spec, const oracle::Contract& kept,
                              const oracle::ContractSet& claimed, Fault fault = Fault::none);

/// How near the bound the attack came, and where.
struct Peak {
  double ratio = 0;
  CaseSpec spec;
  double climbed = 0;  ///< after a hill climb from there; 0: not climbed

  double best() const { return std::max(ratio, climbed); }
};

struct Figures {
  std::string contract;
  std::int64_t cases = 0;
  oracle::Tally out, lse;                   ///< everything judged, hill climbs included
  Peak out_peak, lse_peak;                  ///< of any style
  HullRatio hull;                           ///< of the random attack
  Peak out_natural_peak, lse_natural_peak;  ///< with correctly rounded operations only
  std::vector<std::string> violations;      ///< the first few, as text that a person can replay
};

/// `few` cases of few keys and `many` of many keys, from a seed.
Figures attack_contract(const oracle::Contract& contract, int few, int many, std::uint64_t seed);

/// The same with seeds seed, seed + 1, ..., until at least that many outputs were judged.
Figures attack_until(const oracle::Contract& contract, int few, int many, std::int64_t outputs,
                     std::uint64_t seed);

/// Coordinate search over the inputs and the strategy from each of the figures' peaks; `steps` judged
/// problems each. Updates the figures, violations found on the way included.
void climb(Figures& figures, const oracle::Contract& contract, int steps, std::uint64_t seed);

/// Cases until the first violation, or -1 when `budget` cases show none.
struct Detection {
  int case_number = -1;
  double ratio = 0;  ///< the largest reached until then
};
Detection detect(const Twin& twin, int budget, std::uint64_t seed);

/// ATTEST_EFFORT, a factor for every count; 1 where unset or not a positive number.
double effort();

}  // namespace attest::attack
