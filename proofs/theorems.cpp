#include "theorems.hpp"

namespace attest {

const std::vector<Theorem>& theorems() {
  static const std::vector<Theorem> all{
#define THEOREM(id) id(),
#include "theorems.def"
  };
  return all;
}

}  // namespace attest
