// How many cases each law has had, as far as that follows from the cases alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "laws/law.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {

/// Counts the problems on which a law could be decided: it says something about the problem, and one of its
/// further calls is inside what the kernel accepts. No law is evaluated for that, so every part of a campaign
/// counts the cases of the other parts too, and plans as they do.
class LawTurns {
 public:
  using Laws = std::vector<const laws::Law*>;
  /// Whether a further call of a law is put to the kernel.
  using Asks = std::function<bool(const Problem& problem, const Problem& call)>;

  /// `declared` as for contract_for. Counts up to `most` of each law.
  LawTurns(std::string declared, std::int64_t most);

  /// The kernel answered the problem, by a result or otherwise; these laws were due.
  void add(const Problem& problem, const Laws& laws, bool gave_result, const Asks& asks);
  /// The laws that had fewer turns than this, but at least one, and are not costly. Precondition: turns <=
  /// most.
  Laws below(std::int64_t turns) const;

 private:
  const oracle::ContractSet& contract(const Problem& problem);

  std::string declared_;
  std::int64_t most_;
  std::vector<std::int64_t> turns_;  ///< in the order of kernel_laws()
  std::map<std::pair<DType, DType>, oracle::ContractSet> contracts_;
};

}  // namespace attest::check
