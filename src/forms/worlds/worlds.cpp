#include "forms/worlds/form_world.hpp"

namespace attest {

const std::vector<std::unique_ptr<FormWorld>>& form_worlds() {
  static const auto worlds = [] {
    std::vector<std::unique_ptr<FormWorld>> list;
    for (const auto make : {make_rational_world, make_modular_world, make_dual_world, make_interval_world,
                            make_mpfr_world, make_double_double_world, make_f64_world, make_f32_world,
                            make_f16_world, make_bf16_world, make_mixed_f16_world, make_mixed_bf16_world}) {
      list.push_back(make());
    }
    return list;
  }();
  return worlds;
}

}  // namespace attest
