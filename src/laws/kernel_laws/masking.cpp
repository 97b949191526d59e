// Changing k or v of keys that no row of their batch and key/value head sees changes nothing, bit for bit.
//
// Three changes, each catching another way of masking wrongly: ordinary values (the mask is ignored), values
// as large as they can be without overflowing a score (the mask is a finite number added to the score), and
// logits that dominate a row together with a tagged value (a leak of one key replaces the row's output). Keys
// at and past kv_lens are among them.

#include "laws/catalogue.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/inputs/replaced_keys.hpp"
#include "laws/relations/two_runs.hpp"

namespace attest::laws {
namespace {

std::string why_not(const Problem& p, const oracle::ContractSet&) {
  if (p.batch() * p.q_len() * p.kv_len() == 0) return "there is no row or no key";
  if (shares_storage(p.k) || shares_storage(p.v)) return "keys or values share storage";
  return unseen_keys(p).empty() ? "every key is seen by some row" : "";
}

std::vector<Call> calls(const Problem& p, const oracle::ContractSet& contract) {
  const std::vector<KeyAt> masked = unseen_keys(p);
  return {{"other ordinary values in masked keys", with_ordinary(p, contract, masked)},
          {"large values in masked keys", with_large(p, contract, masked)},
          {"dominating logits in masked keys", with_dominating(p, contract, masked)}};
}

}  // namespace

Law masking_law() {
  return {.id = LawId::masking,
          .on_kernels = "bit for bit",
          .why_not = why_not,
          .calls = calls,
          .relate = relate_bits};
}

}  // namespace attest::laws
