#include "oracle/contract/contract.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "oracle/contract/contract_text.hpp"

namespace attest {
namespace {

struct Field {
  std::string_view name, values, meaning;
  void (*set)(Contract&, std::string_view value);
};

[[noreturn]] void bad_value(std::string_view value, std::string_view wanted) {
  throw ContractError(fmt::format("'{}' is not {}", value, wanted));
}

Format format_from(std::string_view value) {
  for (const Format& f : {kBinary64, kBinary32, kBinary16, kBfloat16}) {
    if (format_name(f) == value) return f;
  }
  bad_value(value, "a format (f64, f32, f16, bf16)");
}

std::optional<Format> format_or_none(std::string_view value) {
  if (value == "none") return std::nullopt;
  return format_from(value);
}

Rounding rounding_from(std::string_view value) {
  if (value == "nearest") return Rounding::nearest_even;
  if (value == "toward-zero") return Rounding::toward_zero;
  bad_value(value, "a rounding (nearest, toward-zero)");
}

bool bool_from(std::string_view value) {
  if (value == "true") return true;
  if (value == "false") return false;
  bad_value(value, "true or false");
}

double number_from(std::string_view value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || !(number >= 0) ||
      !std::isfinite(number)) {
    bad_value(value, "a finite number >= 0");
  }
  return number;
}

int count_from(std::string_view value) {
  int count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (error != std::errc{} || end != value.data() + value.size() || count < 1)
    bad_value(value, "a count >= 1");
  return count;
}

// "any", "tree", "block-fma:K"
void set_order(Accumulator& accumulator, std::string_view value) {
  constexpr std::string_view kBlockFma = "block-fma:";
  accumulator.width = 1;
  accumulator.sequential = value == "sequential";
  if (value == "any" || value == "sequential") {
    accumulator.order = Order::any;  // the bound for any order is reached by the sequential one
  } else if (value == "tree") {
    accumulator.order = Order::tree;
  } else if (value.substr(0, kBlockFma.size()) == kBlockFma) {
    accumulator.order = Order::block_fma;
    accumulator.width = count_from(value.substr(kBlockFma.size()));
  } else {
    bad_value(value, "an order (any, sequential, tree, block-fma:K)");
  }
}

template <class T>
T one_of(std::string_view value, std::string_view wanted,
         std::initializer_list<std::pair<std::string_view, T>> names) {
  for (const auto& [name, result] : names) {
    if (name == value) return result;
  }
  bad_value(value, wanted);
}

using V = std::string_view;
constexpr V kFormats = "f64|f32|f16|bf16";
constexpr V kFormatsOrNone = "none|f64|f32|f16|bf16";
constexpr V kOrders = "any|sequential|tree|block-fma:K";
constexpr V kRoundings = "nearest|toward-zero";
constexpr V kBools = "true|false";
constexpr V kNumber = "number";

const std::vector<Field>& fields() {
  static const std::vector<Field> table{
      {"accumulate_score", kFormats, "format of the dot product q.k",
       [](Contract& c, V v) { c.score.format = format_from(v); }},
      {"accumulate_score.order", kOrders, "order of its additions",
       [](Contract& c, V v) { set_order(c.score, v); }},
      {"accumulate_score.rounding", kRoundings, "rounding of its operations",
       [](Contract& c, V v) { c.score.rounding = rounding_from(v); }},
      {"accumulate_numerator", kFormats, "format of the numerator o",
       [](Contract& c, V v) { c.numerator.format = format_from(v); }},
      {"accumulate_numerator.order", kOrders, "order of its additions",
       [](Contract& c, V v) { set_order(c.numerator, v); }},
      {"accumulate_numerator.rounding", kRoundings, "rounding of its operations",
       [](Contract& c, V v) { c.numerator.rounding = rounding_from(v); }},
      {"accumulate_denominator", kFormats, "format of the denominator l",
       [](Contract& c, V v) { c.denominator.format = format_from(v); }},
      {"accumulate_denominator.order", kOrders, "order of its additions",
       [](Contract& c, V v) { set_order(c.denominator, v); }},
      {"accumulate_denominator.rounding", kRoundings, "rounding of its operations",
       [](Contract& c, V v) { c.denominator.rounding = rounding_from(v); }},
      {"key_block", "count", "keys per tile; the maximum changes at most once a tile",
       [](Contract& c, V v) { c.key_block = count_from(v); }},
      {"score.product", kFormatsOrNone, "narrower format q.k is stored in before the scale",
       [](Contract& c, V v) { c.store_product = format_or_none(v); }},
      {"score.scaled", kFormatsOrNone, "narrower format the score is stored in after scale and softcap",
       [](Contract& c, V v) { c.store_scaled = format_or_none(v); }},
      {"score.biased", kFormatsOrNone, "narrower format the score is stored in after bias, ALiBi or mask",
       [](Contract& c, V v) { c.store_biased = format_or_none(v); }},
      {"q_conversion", "none|f64|f32|f16|bf16|q8_0",
       "format q is converted to before the product, before or after the scale",
       [](Contract& c, V v) {
         c.q_blocks = v == "q8_0";
         c.q_conversion = c.q_blocks ? std::nullopt : format_or_none(v);
       }},
      {"kv_storage", "as-given|f16|bf16|q8_0|q4_0",
       "what holds k and v: generated problems only have values that it holds exactly",
       [](Contract& c, V v) {
         const std::optional<KvStorage> storage = kv_storage_from_name(v);
         if (!storage) bad_value(v, "a storage (as-given, f16, bf16, q8_0, q4_0)");
         c.kv_storage = *storage;
       }},
      {"kv_lens", "skip|mask",
       "mask: keys at and past kv_lens are masked, but may be read, so that NaN there may reach the output",
       [](Contract& c, V v) {
         c.kv_lens_by_mask = one_of<bool>(v, "skip or mask", {{"skip", false}, {"mask", true}});
       }},
      {"score_scale", "once|sqrt-both", "sqrt-both: q and k are each multiplied by sqrt(scale)",
       [](Contract& c, V v) {
         c.scale_both = one_of<bool>(v, "once or sqrt-both", {{"once", false}, {"sqrt-both", true}});
       }},
      {"score_shift", "plain|folded",
       "folded: scale * log2(e) is one rounded constant and exponentials are base 2",
       [](Contract& c, V v) {
         c.folded_log2e = one_of<bool>(v, "plain or folded", {{"plain", false}, {"folded", true}});
       }},
      {"score_shift.rounded", kBools, "tile shifts and rescales are rounded differently (FlashAttention-2)",
       [](Contract& c, V v) { c.rounded_shift = bool_from(v); }},
      {"sink_in_max", kBools, "the shift covers the sink's score",
       [](Contract& c, V v) { c.sink_in_max = bool_from(v); }},
      {"exp_rel", kNumber, "relative error of one exponential",
       [](Contract& c, V v) { c.exp_rel = number_from(v); }},
      {"exp_abs", kNumber, "absolute error of one exponential, beside the smallest normal number",
       [](Contract& c, V v) { c.exp_abs = number_from(v); }},
      {"tanh_rel", kNumber, "relative error of softcap's tanh",
       [](Contract& c, V v) { c.tanh_rel = number_from(v); }},
      {"tanh_abs", kNumber, "absolute error of softcap's tanh",
       [](Contract& c, V v) { c.tanh_abs = number_from(v); }},
      {"log_rel", kNumber, "relative error of the logarithm of lse",
       [](Contract& c, V v) { c.log_rel = number_from(v); }},
      {"log_abs", kNumber, "absolute error of the logarithm of lse",
       [](Contract& c, V v) { c.log_abs = number_from(v); }},
      {"probability", kFormatsOrNone, "format P is rounded to before P*V",
       [](Contract& c, V v) { c.probability = format_or_none(v); }},
      {"probability.rounding", kRoundings, "rounding of that cast",
       [](Contract& c, V v) { c.probability_rounding = rounding_from(v); }},
      {"denominator_sums", "unrounded|rounded", "whether l adds P before or after its cast",
       [](Contract& c, V v) {
         c.denominator_sums_rounded =
             one_of<bool>(v, "unrounded or rounded", {{"unrounded", false}, {"rounded", true}});
       }},
      {"unfused", kBools, "P is normalised before its cast; no division at the end",
       [](Contract& c, V v) { c.unfused = bool_from(v); }},
      {"tau", kNumber, "lazy rescale: the shift may lie this far below the maximum (nats)",
       [](Contract& c, V v) { c.tau = number_from(v); }},
      {"merge", "state|lse", "how split results are merged: (m, l, o) or (lse, o)",
       [](Contract& c, V v) {
         c.merge = one_of<Merge>(v, "state or lse", {{"state", Merge::state}, {"lse", Merge::lse}});
       }},
      {"splits", "count", "number of splits merged at the end",
       [](Contract& c, V v) { c.splits = count_from(v); }},
      {"partial", kFormatsOrNone, "format in which split results are stored",
       [](Contract& c, V v) { c.partial = format_or_none(v); }},
      {"division", "divide|reciprocal", "o / l, or o * (1 / l)",
       [](Contract& c, V v) {
         c.reciprocal = one_of<bool>(v, "divide or reciprocal", {{"divide", false}, {"reciprocal", true}});
       }},
      {"output", kFormatsOrNone, "format the output is rounded to on its way to out's dtype",
       [](Contract& c, V v) { c.output = format_or_none(v); }},
      {"output.rounding", kRoundings, "rounding of that cast",
       [](Contract& c, V v) { c.output_rounding = rounding_from(v); }},
      {"underflow", "gradual|flush-outputs|flush-inputs", "what happens to subnormal numbers",
       [](Contract& c, V v) {
         c.underflow = one_of<Underflow>(v, "gradual, flush-outputs or flush-inputs",
                                         {{"gradual", Underflow::gradual},
                                          {"flush-outputs", Underflow::flush_outputs},
                                          {"flush-inputs", Underflow::flush_inputs}});
       }},
  };
  return table;
}

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

ContractSet loosest_presets(DType q, DType kv) {
  ContractSet set;
  for (const std::string_view name : contract_presets()) {
    if (!fits(*find_preset(name), q, kv)) continue;
    set.alternatives.push_back(parse_contract(name));
    set.text += (set.text.empty() ? "" : " | ") + std::string(name);
  }
  return set;
}

}  // namespace

Contract parse_contract(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ';');
  const Preset* preset = find_preset(parts.front());
  if (preset == nullptr) {
    throw ContractError(fmt::format("contract: no preset '{}' (there are {})", parts.front(),
                                    fmt::join(contract_presets(), ", ")));
  }
  Contract contract = preset->make();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!parts[i].empty()) apply(contract, parts[i]);
  }
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
      Contract contract = parse_contract(text);
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

bool all_f64(const ContractSet& contract) {
  return std::all_of(contract.alternatives.begin(), contract.alternatives.end(), [](const Contract& c) {
    return c.score.format == kBinary64 && c.numerator.format == kBinary64 &&
           c.denominator.format == kBinary64;
  });
}

}  // namespace attest
