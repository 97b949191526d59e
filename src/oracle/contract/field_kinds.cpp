#include "oracle/contract/field_kinds.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest::oracle {
namespace {

constexpr std::string_view kFormatWanted = "a format (f64, f32, f16, bf16)";
constexpr std::string_view kBlockFma = "block-fma:";

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

int count_from(std::string_view text) {
  int count = 0;
  if (!read(text, count) || count < 1) bad_value(text, "a count >= 1");
  return count;
}

double number_from(std::string_view text) {
  double number = 0;
  if (!read(text, number) || !(number >= 0) || !std::isfinite(number)) {
    bad_value(text, "a finite number >= 0");
  }
  return number;
}

OrderAndWidth order_from(std::string_view text) {
  if (text == "any") return {Order::any, 1};
  if (text == "sequential") return {Order::sequential, 1};
  if (text == "tree") return {Order::tree, 1};
  if (text.starts_with(kBlockFma)) return {Order::block_fma, count_from(text.substr(kBlockFma.size()))};
  bad_value(text, "an order (any, sequential, tree, block-fma:K)");
}

std::string order_text(const OrderAndWidth& order) {
  switch (std::get<Order>(order)) {
    case Order::any:
      return "any";
    case Order::sequential:
      return "sequential";
    case Order::tree:
      return "tree";
    case Order::block_fma:
      return fmt::format("{}{}", kBlockFma, std::get<int>(order));
  }
  return "";
}

std::vector<std::string_view> storage_names() {
  std::vector<std::string_view> names;
  for (const KvStorage storage : kv_storages()) names.push_back(name_of(storage));
  return names;
}

KvStorage storage_from(std::string_view text) {
  const auto storage = kv_storage_from_name(text);
  if (!storage) bad_value(text, fmt::format("a storage ({}, or K/V)", fmt::join(storage_names(), ", ")));
  return *storage;
}

KvStorages storages_from(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return KvStorages::both(storage_from(text));
  return {storage_from(text.substr(0, slash)), storage_from(text.substr(slash + 1))};
}

std::string storages_text(const KvStorages& x) {
  if (x.k == x.v) return std::string(name_of(x.k));
  return fmt::format("{}/{}", name_of(x.k), name_of(x.v));
}

QueryConversion query_conversion_from(std::string_view text) {
  if (text == "q8_0") return {std::nullopt, QueryBlocks::q8_0};
  if (text == "q8_1") return {std::nullopt, QueryBlocks::q8_1};
  return {operand_format_kind().parse(text), QueryBlocks::none};
}

std::string query_conversion_text(const QueryConversion& x) {
  switch (std::get<QueryBlocks>(x)) {
    case QueryBlocks::none:
      return operand_format_kind().print(std::get<OptionalFormat>(x));
    case QueryBlocks::q8_0:
      return "q8_0";
    case QueryBlocks::q8_1:
      return "q8_1";
  }
  return "";
}

}  // namespace

void bad_value(std::string_view value, std::string_view wanted) {
  throw ContractError(fmt::format("'{}' is not {}", value, wanted));
}

std::string alternatives_of(const std::vector<std::string_view>& names) {
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

const FieldKind<Format>& format_kind() {
  static const auto kind =
      one_of<Format>({{"f64", kBinary64}, {"f32", kBinary32}, {"f16", kBinary16}, {"bf16", kBfloat16}},
                     std::string(kFormatWanted));
  return kind;
}

const FieldKind<OptionalFormat>& optional_format_kind() {
  static const auto kind = one_of<OptionalFormat>({{"none", std::nullopt},
                                                   {"f64", kBinary64},
                                                   {"f32", kBinary32},
                                                   {"f16", kBinary16},
                                                   {"bf16", kBfloat16}},
                                                  std::string(kFormatWanted));
  return kind;
}

const FieldKind<OptionalFormat>& operand_format_kind() {
  static const auto kind = one_of<OptionalFormat>({{"none", std::nullopt},
                                                   {"f64", kBinary64},
                                                   {"f32", kBinary32},
                                                   {"tf32", kTensorFloat32},
                                                   {"f16", kBinary16},
                                                   {"bf16", kBfloat16},
                                                   {"e4m3", kFloat8E4m3},
                                                   {"e5m2", kFloat8E5m2}},
                                                  "a format (f64, f32, tf32, f16, bf16, e4m3, e5m2)");
  return kind;
}

const FieldKind<QueryConversion>& query_conversion_kind() {
  static const FieldKind<QueryConversion> kind{operand_format_kind().values + "|q8_0|q8_1",
                                               query_conversion_from, query_conversion_text};
  return kind;
}

const FieldKind<Rounding>& rounding_kind() {
  static const auto kind =
      one_of<Rounding>({{"nearest", Rounding::nearest_even}, {"toward-zero", Rounding::toward_zero}},
                       "a rounding (nearest, toward-zero)");
  return kind;
}

const FieldKind<CastRounding>& cast_rounding_kind() {
  static const auto kind = one_of<CastRounding>({{"nearest", {Rounding::nearest_even, false}},
                                                 {"toward-zero", {Rounding::toward_zero, false}},
                                                 {"stochastic", {Rounding::nearest_even, true}}},
                                                "a rounding (nearest, toward-zero, stochastic)");
  return kind;
}

const FieldKind<OrderAndWidth>& order_kind() {
  static const FieldKind<OrderAndWidth> kind{"any|sequential|tree|block-fma:K", order_from, order_text};
  return kind;
}

const FieldKind<KvStorages>& storage_kind() {
  static const FieldKind<KvStorages> kind{fmt::format("{}|K/V", fmt::join(storage_names(), "|")),
                                          storages_from, storages_text};
  return kind;
}

const FieldKind<bool>& bool_kind() {
  static const auto kind = one_of<bool>({{"true", true}, {"false", false}});
  return kind;
}

const FieldKind<double>& number_kind() {
  static const FieldKind<double> kind{"number", number_from,
                                      [](const double& x) { return fmt::format("{}", x); }};
  return kind;
}

const FieldKind<double>& power_of_two_kind() {
  static const FieldKind<double> kind{"power of two",
                                      [](std::string_view text) {
                                        const double x = number_from(text);
                                        if (x < 1 || x > 0x1p40 || std::exp2(std::ilogb(x)) != x)
                                          bad_value(text, "a power of two from 1 to 2^40");
                                        return x;
                                      },
                                      [](const double& x) { return fmt::format("{}", x); }};
  return kind;
}

const FieldKind<ShiftAbove>& shift_above_kind() {
  static const FieldKind<ShiftAbove> kind{"number|norms",
                                          [](std::string_view text) -> ShiftAbove {
                                            if (text == "norms") return {0, true};
                                            return {number_from(text), false};
                                          },
                                          [](const ShiftAbove& x) {
                                            return std::get<bool>(x) ? "norms"
                                                                     : fmt::format("{}", std::get<double>(x));
                                          }};
  return kind;
}

const FieldKind<int>& count_kind() {
  static const FieldKind<int> kind{"count", count_from, [](const int& x) { return fmt::format("{}", x); }};
  return kind;
}

}  // namespace attest::oracle
