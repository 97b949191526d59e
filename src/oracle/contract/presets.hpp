// The presets that contracts start from.
#pragma once

#include <string_view>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

struct Preset {
  std::string_view name;
  DType fits;               ///< a preset fits problems whose narrowest floating dtype is this
  const Format& sums;       ///< of scores, numerator and denominator; errors of functions follow from it
  std::string_view fields;  ///< what else is set, as with_fields reads it

  Contract make() const;
};

/// nullptr when there is no such preset.
const Preset* find_preset(std::string_view name);

}  // namespace attest::oracle
