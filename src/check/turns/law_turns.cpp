#include "check/turns/law_turns.hpp"

#include <algorithm>

#include "laws/operation.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::check {
namespace {

bool could_be_decided(const laws::Law& law, const Problem& problem, const oracle::ContractSet& contract,
                      bool gave_result, const LawTurns::Asks& asks) {
  if (!gave_result && !law.wants_answer) return false;
  if (!oracle::may_be_given(contract, problem) || !law.why_not(problem, contract).empty()) return false;
  if (law.calls == nullptr || !gave_result) return true;
  const std::vector<laws::Call> calls = law.calls(problem, contract);
  return calls.empty() || std::any_of(calls.begin(), calls.end(), [&](const laws::Call& call) {
           return oracle::may_be_given(contract, call.problem) && asks(problem, call.problem);
         });
}

}  // namespace

LawTurns::LawTurns(std::string declared, std::int64_t most)
    : declared_(std::move(declared)), most_(most), turns_(laws::forward_operation().laws().size()) {}

void LawTurns::add(const Problem& problem, const Laws& laws, bool gave_result, const Asks& asks) {
  for (const laws::Law* law : laws) {
    std::int64_t& turns = turns_[static_cast<std::size_t>(law - laws::forward_operation().laws().data())];
    if (turns < most_ && could_be_decided(*law, problem, contract(problem), gave_result, asks)) ++turns;
  }
}

LawTurns::Laws LawTurns::below(std::int64_t turns) const {
  Laws below;
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    const laws::Law& law = laws::forward_operation().laws()[i];
    if (law.share > laws::kCostlyShare && turns_[i] > 0 && turns_[i] < turns) below.push_back(&law);
  }
  return below;
}

// As declared or assumed: what is found out of it later differs from part to part.
const oracle::ContractSet& LawTurns::contract(const Problem& problem) {
  const std::pair dtypes{problem.q.dtype(), problem.k.dtype()};
  const auto found = contracts_.find(dtypes);
  if (found != contracts_.end()) return found->second;
  return contracts_.emplace(dtypes, oracle::contract_for(declared_, dtypes.first, dtypes.second))
      .first->second;
}

}  // namespace attest::check
