#include "oracle/contract/fingerprint.hpp"

#include "oracle/contract/fields.hpp"

namespace attest::oracle {

void add_to(Fingerprinter& print, const ContractSet& contract) {
  for (const Contract& alternative : contract.alternatives) {
    for (const Field& field : fields()) print.add(field.print(alternative));
  }
}

}  // namespace attest::oracle
