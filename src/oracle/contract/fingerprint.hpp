// What a fingerprint takes of a contract.
#pragma once

#include "numerics/fingerprint.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// Every field of every alternative. Contracts under other names that say the same are the same.
void add_to(Fingerprinter& print, const ContractSet& contract);

}  // namespace attest::oracle
