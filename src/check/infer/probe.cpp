#include "check/infer/probe.hpp"

#include <algorithm>

#include "oracle/contract/fields.hpp"

namespace attest::check {

const std::vector<Probe>& probes() {
  static const std::vector<Probe> list{
#define PROBE(id, field_, shows_) {.name = #id, .field = field_, .shows = shows_, .run = probe_##id},
#include "check/infer/probes.def"
  };
  return list;
}

std::string value_in(const oracle::Contract& contract, std::string_view field) {
  const auto& fields = oracle::fields();
  return std::find_if(fields.begin(), fields.end(), [&](const oracle::Field& f) { return f.name == field; })
      ->print(contract);
}

std::optional<std::string> format_of_bits(int bits) {
  for (const Format* format : {&kBfloat16, &kBinary16, &kBinary32, &kBinary64}) {
    if (format->precision == bits) return std::string(format_name(*format));
  }
  return std::nullopt;
}

}  // namespace attest::check
