#include <array>
#include <cmath>

#include "oracle/contract/contract_text.hpp"

namespace attest {
namespace {

// eps_exp = 2 * exp_ulps * u with exp_ulps = 4, unless the kernel declares better; the same for tanh and log.
Contract accumulating_in(const Format& format) {
  Contract c;
  c.score.format = c.numerator.format = c.denominator.format = format;
  const double eps = 2 * 4 * format.unit_roundoff();
  c.exp_rel = c.tanh_rel = c.log_rel = eps;
  // tanh and log built from exp and from a table have absolute errors where the result is near 0.
  c.tanh_abs = c.log_abs = eps;
  return c;
}

Contract flash(const Format& narrow) {
  Contract c = accumulating_in(kBinary32);
  c.probability = narrow;
  return c;
}

// Scores, P and output pass through memory in the narrow format; sums are f32.
Contract unfused(const Format& narrow) {
  Contract c = flash(narrow);
  c.unfused = true;
  c.store_product = c.store_scaled = c.store_biased = narrow;
  return c;
}

const std::array<Preset, 6>& table() {
  static const std::array<Preset, 6> presets{{
      {"f64", DType::f64, [] { return accumulating_in(kBinary64); }},
      {"f32", DType::f32, [] { return accumulating_in(kBinary32); }},
      {"flash-bf16", DType::bf16, [] { return flash(kBfloat16); }},
      {"flash-f16", DType::f16, [] { return flash(kBinary16); }},
      {"unfused-bf16", DType::bf16, [] { return unfused(kBfloat16); }},
      {"unfused-f16", DType::f16, [] { return unfused(kBinary16); }},
  }};
  return presets;
}

}  // namespace

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : table()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string_view> contract_presets() {
  std::vector<std::string_view> names;
  for (const Preset& preset : table()) names.push_back(preset.name);
  return names;
}

}  // namespace attest
