#include "laws/catalogue.hpp"

namespace attest {

const std::vector<Law>& kernel_laws() {
  static const std::vector<Law> laws{
      definition_law(),
      blocks_law(),
      decode_law(),
      prefix_law(),
      masking_law(),
      causality_law(),
      dominating_leak_law(),
      poison_law(),
      nan_propagates_law(),
      spelling_law(),
      support_law(),
      constant_value_law(),
      range_law(),
      single_key_law(),
      uniform_law(),
      one_hot_gap_law(),
      shift_law(),
      duplicate_law(),
      permutation_law(),
      value_scaling_law(),
      value_linearity_law(),
      channel_law(),
      sign_law(),
      head_map_law(),
      group_repeat_law(),
      layout_law(),
      repeat_law(),
      history_law(),
      batch_invariance_law(),
      thread_invariance_law(),
      empty_law(),
      lse_law(),
      environment_law(),
  };
  return laws;
}

const Law* find_law(std::string_view name) {
  static const Law required = required_law();
  if (name == required.name) return &required;
  for (const Law& law : kernel_laws()) {
    if (law.name == name) return &law;
  }
  return nullptr;
}

}  // namespace attest
