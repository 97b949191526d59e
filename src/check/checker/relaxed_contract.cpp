#include "check/checker/relaxed_contract.hpp"

namespace attest::check {

oracle::ContractSet relaxed(const oracle::ContractSet& contract, std::string_view fields) {
  if (fields.empty()) return contract;
  oracle::ContractSet set;
  set.declared = contract.declared;
  for (const oracle::Contract& alternative : contract.alternatives) {
    oracle::Contract changed = with_fields(alternative, fields);
    changed.text = alternative.text + ";" + std::string(fields);
    set.text += (set.text.empty() ? "" : " | ") + changed.text;
    set.alternatives.push_back(std::move(changed));
  }
  return set;
}

}  // namespace attest::check
