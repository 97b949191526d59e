// An attention kernel that keeps a numerics contract, in the worst way that the contract allows. Written from
// the ABI and the contract's words alone: it shares no code with the oracle or the forms that are verified.
#pragma once

#include "bound_attack/emulator/emulation.hpp"
#include "bound_attack/emulator/strategy.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::attack {

/// out [batch, q_heads, q_len, v_dim] in q's dtype and lse [batch, q_heads, q_len] where wanted.
Result emulate(const Problem& problem, const oracle::Contract& contract, const Strategy& strategy,
               Fault fault = Fault::none);

}  // namespace attest::attack
