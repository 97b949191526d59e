#include "prove/verdict.hpp"

#include <algorithm>

namespace attest::prove {

std::string_view name_of(ProofVerdict verdict) {
  switch (verdict) {
    case ProofVerdict::proved:
      return "proved";
    case ProofVerdict::timeout:
      return "timeout";
    case ProofVerdict::unknown:
      return "unknown";
    case ProofVerdict::refuted:
      return "refuted";
    case ProofVerdict::vacuous:
      return "vacuous";
  }
  return "unknown";
}

ProofVerdict worse(ProofVerdict a, ProofVerdict b) { return std::max(a, b); }

}  // namespace attest::prove
