#include "report/space/capacity_report.hpp"

#include <fmt/format.h>

#include "report/columns.hpp"

namespace attest::report {
namespace {

std::string count_text(std::uint64_t n) { return fmt::format("{}", fmt::group_digits(n)); }

double in_bytes(std::uint64_t bits) { return static_cast<double>(bits) / 8; }

// Everything of one shape at one length, in components.
struct Components {
  std::uint64_t state, cache, cache_mha;
};

Components components_of(const space::CapacityShape& s, std::uint64_t length) {
  return {space::state_components(s).value(), space::cache_components(s, s.kv_heads, length).value(),
          space::cache_components(s, s.q_heads, length).value()};
}

std::uint64_t bits(std::uint64_t components, const space::StoredType& type) {
  return space::bits_of(components, type).value();
}

std::string tokens_text(std::uint64_t state, std::uint64_t cache) {
  return fmt::format("{:.4g}", static_cast<double>(state) / static_cast<double>(cache));
}

Columns type_table(const space::CapacityShape& shape, const std::vector<std::uint64_t>& lengths) {
  Columns table{{"type", "state", "cache per token"}, {}};
  for (const std::uint64_t length : lengths) {
    table.headings.push_back(fmt::format("cache at {}", count_text(length)));
    if (shape.kv_heads != shape.q_heads) table.headings.push_back("without GQA");
  }
  for (const space::StoredType& type : space::stored_types()) {
    const Components token = components_of(shape, 1);
    std::vector<std::string> row{type.name, space::bytes_text(bits(token.state, type)),
                                 space::bytes_text(bits(token.cache, type))};
    for (const std::uint64_t length : lengths) {
      const Components all = components_of(shape, length);
      row.push_back(space::bytes_text(bits(all.cache, type)));
      if (shape.kv_heads != shape.q_heads) row.push_back(space::bytes_text(bits(all.cache_mha, type)));
    }
    table.rows.push_back(row);
  }
  return table;
}

std::string power_text(const space::CapacityShape& shape) {
  std::string text = "\ny = 2^x in decimal (an answer that must be held completely before it is written)\n";
  for (const space::StoredType& type : space::stored_types()) {
    const std::uint64_t memory = bits(components_of(shape, 1).state, type);
    text += fmt::format("  {:<5} {} bits hold {} digits: from x = {} on, 2^x does not fit\n", type.name,
                        count_text(memory), count_text(space::digits_in(memory)),
                        count_text(space::power_beyond(memory)));
  }
  return text +
         "  Assumptions: 2^x has floor(x log10 2) + 1 digits of log2 10 bits each; every bit of the state "
         "can hold digits\n  (noise, x itself and the program need none, so a real model fails earlier); "
         "nothing is written to the tape\n  before the answer. If the tape serves as scratch paper (chain of "
         "thought), a fixed memory is enough.\n";
}

}  // namespace

Json capacity_json(const space::CapacityShape& s, const std::vector<std::uint64_t>& lengths) {
  const Components token = components_of(s, 1);
  Json json{
      {"name", s.name},
      {"layers", s.layers},
      {"hidden", s.hidden},
      {"q_heads", s.q_heads},
      {"kv_heads", s.kv_heads},
      {"head_dim", s.head_dim},
      {"state_components", token.state},
      {"cache_components_per_token", token.cache},
      {"cache_components_per_token_mha", token.cache_mha},
      {"state_in_cache_tokens", static_cast<double>(token.state) / static_cast<double>(token.cache)},
      {"state_in_cache_tokens_mha", static_cast<double>(token.state) / static_cast<double>(token.cache_mha)},
      {"types", Json::array()}};
  for (const space::StoredType& type : space::stored_types()) {
    const std::uint64_t memory = bits(token.state, type);
    Json caches = Json::array();
    for (const std::uint64_t length : lengths) {
      const Components all = components_of(s, length);
      caches.push_back({{"length", length},
                        {"bytes", in_bytes(bits(all.cache, type))},
                        {"bytes_mha", in_bytes(bits(all.cache_mha, type))}});
    }
    json["types"].push_back({{"type", type.name},
                             {"bits", type.bits},
                             {"state_bytes", in_bytes(memory)},
                             {"cache_bytes_per_token", in_bytes(bits(token.cache, type))},
                             {"cache", caches},
                             {"decimal_digits", space::digits_in(memory)},
                             {"first_power", space::power_beyond(memory)}});
  }
  return json;
}

std::string capacity_text(const space::CapacityShape& s, const std::vector<std::uint64_t>& lengths) {
  const Components token = components_of(s, 1);
  std::string text = fmt::format("{}: {} layers, hidden {}, {} query heads and {} key heads of {}\n", s.name,
                                 s.layers, s.hidden, s.q_heads, s.kv_heads, s.head_dim);
  text += fmt::format("  state as an RNN  {} components (lower bound: 2 x layers x hidden)\n",
                      count_text(token.state));
  text += fmt::format("  KV cache         {} components per token", count_text(token.cache));
  if (s.kv_heads != s.q_heads) text += fmt::format("; without GQA {}", count_text(token.cache_mha));
  text += fmt::format("\n  the state equals {} tokens of this cache", tokens_text(token.state, token.cache));
  if (s.kv_heads != s.q_heads)
    text += fmt::format(", {} without GQA: GQA shrinks the cache, not the state",
                        tokens_text(token.state, token.cache_mha));
  return text + "\n\n" + columns_text(type_table(s, lengths)) + power_text(s);
}

std::string known_models_text() {
  std::vector<space::StoredType> widths;  // f16 and bf16 take the same room
  for (const space::StoredType& type : space::stored_types()) {
    if (widths.empty() || widths.back().bits != type.bits)
      widths.push_back(type);
    else
      widths.back().name += ", " + type.name;
  }
  Columns table{{"model", "layers", "hidden", "heads", "state"}, {}};
  for (const space::StoredType& type : widths) table.headings.push_back(type.name);
  table.headings.push_back("cache per token");
  for (const space::StoredType& type : widths) table.headings.push_back(type.name);
  table.headings.push_back("state in tokens");
  for (const space::CapacityShape& s : space::known_models()) {
    const Components token = components_of(s, 1);
    std::vector<std::string> row{s.name, count_text(s.layers), count_text(s.hidden),
                                 fmt::format("{}/{} x {}", s.q_heads, s.kv_heads, s.head_dim),
                                 count_text(token.state)};
    for (const space::StoredType& type : widths) row.push_back(space::bytes_text(bits(token.state, type)));
    row.push_back(count_text(token.cache));
    for (const space::StoredType& type : widths) row.push_back(space::bytes_text(bits(token.cache, type)));
    row.push_back(tokens_text(token.state, token.cache));
    table.rows.push_back(row);
  }
  return "\nreleased models (query heads / key heads x head dimension)\n" + columns_text(table);
}

}  // namespace attest::report
