#include "laws/catalogue.hpp"

namespace attest {

const std::vector<Law>& kernel_laws() {
  static const std::vector<Law> laws{
      definition_law(), masking_law(), constant_value_law(), range_law(),   single_key_law(),
      uniform_law(),    empty_law(),   repeat_law(),         history_law(), lse_law(),
  };
  return laws;
}

const Law* find_law(std::string_view name) {
  for (const Law& law : kernel_laws()) {
    if (law.name == name) return &law;
  }
  return nullptr;
}

}  // namespace attest
