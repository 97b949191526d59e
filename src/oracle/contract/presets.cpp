#include "oracle/contract/presets.hpp"

#include <array>

#include <fmt/format.h>

namespace attest::oracle {
namespace {

// Unfused kernels pass scores, P and output through memory in the narrow format; sums are f32.
constexpr std::array<Preset, 6> kPresets{{
    {"f64", DType::f64, kBinary64, ""},
    {"f32", DType::f32, kBinary32, ""},
    {"flash-bf16", DType::bf16, kBinary32, "probability=bf16"},
    {"flash-f16", DType::f16, kBinary32, "probability=f16"},
    {"unfused-bf16", DType::bf16, kBinary32,
     "probability=bf16;unfused=true;score.product=bf16;score.scaled=bf16;score.biased=bf16"},
    {"unfused-f16", DType::f16, kBinary32,
     "probability=f16;unfused=true;score.product=f16;score.scaled=f16;score.biased=f16"},
}};

}  // namespace

// Errors of 8 u are 4 ulp, unless the kernel declares better. tanh and log built from exp and from a table
// have absolute errors where the result is near 0.
Contract Preset::make() const {
  Contract c;
  c.score.format = c.numerator.format = c.denominator.format = sums;
  const double error = 2 * 4 * sums.unit_roundoff();
  c.exp.relative = error;
  c.tanh = c.log = {error, error};
  return with_fields(std::move(c), fields);
}

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string_view> contract_presets() {
  std::vector<std::string_view> names;
  for (const Preset& preset : kPresets) names.push_back(preset.name);
  return names;
}

std::string preset_meaning(std::string_view name) {
  const Preset& preset = *find_preset(name);
  const std::string text = fmt::format("sums in {}", format_name(preset.sums));
  return preset.fields.empty() ? text : fmt::format("{}; {}", text, preset.fields);
}

}  // namespace attest::oracle
