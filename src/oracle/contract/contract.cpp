#include "oracle/contract/contract.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "oracle/contract/fields.hpp"
#include "oracle/contract/presets.hpp"

namespace attest::oracle {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

void apply(Contract& contract, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos)
    throw ContractError(fmt::format("contract: '{}' is not field=value", assignment));
  const std::string_view name = trimmed(assignment.substr(0, equals));
  for (const Field& field : fields()) {
    if (field.name != name) continue;
    try {
      return field.set(contract, trimmed(assignment.substr(equals + 1)));
    } catch (const ContractError& error) {
      throw ContractError(fmt::format("contract: {}: {}", name, error.what()));
    }
  }
  throw ContractError(fmt::format("contract: no field '{}' (see attest list contracts)", name));
}

// The narrowest dtype decides: a bf16 cache under f32 queries needs the bf16 presets.
bool fits(const Preset& preset, DType q, DType kv) {
  const auto narrowest = [](DType a, DType b) {
    return format_of(a).precision <= format_of(b).precision ? a : b;
  };
  return preset.fits == narrowest(q, kv);
}

std::string_view preset_of(std::string_view text) { return split(text, ';').front(); }

// A kernel's P has the format of the values that it meets.
void follow_values(Contract& contract, std::optional<DType> values) {
  if (!values || !contract.probability || size_of(*values) != 2) return;
  contract.probability.format = format_of(*values);
}

ContractSet loosest_presets(DType q, DType kv) {
  ContractSet set;
  for (const std::string_view name : contract_presets()) {
    if (!fits(*find_preset(name), q, kv)) continue;
    set.alternatives.push_back(parse_contract(name, kv));
    set.text += (set.text.empty() ? "" : " | ") + std::string(name);
  }
  return set;
}

}  // namespace

Contract with_fields(Contract contract, std::string_view text) {
  for (const std::string_view assignment : split(text, ';')) {
    if (!assignment.empty()) apply(contract, assignment);
  }
  return contract;
}

std::string differences(const Contract& contract, const Contract& from) {
  std::vector<std::string> assignments;
  for (const Field& field : fields()) {
    std::string value = field.print(contract);
    if (value != field.print(from)) assignments.push_back(fmt::format("{}={}", field.name, value));
  }
  return fmt::format("{}", fmt::join(assignments, ";"));
}

Contract parse_contract(std::string_view text, std::optional<DType> values) {
  const Preset* preset = find_preset(preset_of(text));
  if (preset == nullptr) {
    throw ContractError(fmt::format("contract: no preset '{}' (there are {})", preset_of(text),
                                    fmt::join(contract_presets(), ", ")));
  }
  const std::size_t name_end = std::min(text.find(';'), text.size());
  Contract contract = preset->make();
  follow_values(contract, values);
  contract = with_fields(std::move(contract), text.substr(name_end));
  contract.text = std::string(text);
  return contract;
}

ContractSet contract_for(std::string_view declared, DType q, DType kv) {
  ContractSet set;
  if (trimmed(declared).empty()) {
    set = loosest_presets(q, kv);
  } else {
    const std::vector<std::string_view> candidates = split(declared, '|');
    for (const std::string_view text : candidates) {
      Contract contract = parse_contract(text, kv);
      if (!fits(*find_preset(preset_of(text)), q, kv)) continue;
      set.text += (set.text.empty() ? "" : " | ") + contract.text;
      set.alternatives.push_back(std::move(contract));
    }
    set.declared = !set.alternatives.empty();
    if (!set.declared) set = loosest_presets(q, kv);
  }
  return set;
}

std::vector<ContractField> contract_fields() {
  std::vector<ContractField> list;
  for (const Field& field : fields()) list.push_back({field.name, field.values, field.meaning});
  return list;
}

}  // namespace attest::oracle
