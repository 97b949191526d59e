#include "theorems.hpp"

namespace attest::proofs {

const std::vector<prove::Theorem>& theorems() {
  static const std::vector<prove::Theorem> all{
#define THEOREM(id) id(),
#include "theorems.def"
  };
  return all;
}

}  // namespace attest::proofs
