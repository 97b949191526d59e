// The table of a contract's fields: all that parsing, printing and the lists know of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

struct Field {
  std::string_view name;
  std::string values;  ///< "a|b", "number"
  std::string_view meaning;
  std::function<void(Contract&, std::string_view value)> set;  ///< throws ContractError
  std::function<std::string(const Contract&)> print;           ///< as `set` reads it
};

/// In the order of the lists.
const std::vector<Field>& fields();

}  // namespace attest::oracle
