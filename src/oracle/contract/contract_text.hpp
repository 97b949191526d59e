// Shared by the files that make contracts: the preset table.
#pragma once

#include <string_view>

#include "oracle/contract/contract.hpp"

namespace attest {

struct Preset {
  std::string_view name;
  DType fits;  ///< a preset fits problems whose narrowest floating dtype is this
  Contract (*make)();
};

/// nullptr when there is no such preset.
const Preset* find_preset(std::string_view name);

}  // namespace attest
