#include "forms/worlds/form_world.hpp"

namespace attest::forms {

const std::vector<std::unique_ptr<FormWorld>>& form_worlds() {
  static const auto worlds = [] {
    std::vector<std::unique_ptr<FormWorld>> list;
#define WORLD(id) list.push_back(make_##id##_world());
#include "forms/worlds/worlds.def"
    return list;
  }();
  return worlds;
}

}  // namespace attest::forms
