// What the value of a contract's field can be, and how it is read and printed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// One kind of value: parse(print(x)) == x.
template <class T>
struct FieldKind {
  std::string values;                        ///< as lists show it: "a|b", "number"
  std::function<T(std::string_view)> parse;  ///< throws ContractError
  std::function<std::string(const T&)> print;
};

/// "'value' is not wanted".
[[noreturn]] void bad_value(std::string_view value, std::string_view wanted);

/// "a, b or c"
std::string alternatives_of(const std::vector<std::string_view>& names);

/// One of some names, each of which stands for a value.
template <class T>
FieldKind<T> one_of(const std::vector<std::pair<std::string_view, T>>& names, std::string wanted = "") {
  std::vector<std::string_view> listed;
  std::string values;
  for (const auto& [name, value] : names) {
    listed.push_back(name);
    values += (values.empty() ? "" : "|") + std::string(name);
  }
  if (wanted.empty()) wanted = alternatives_of(listed);
  return {values,
          [names, wanted](std::string_view text) -> T {
            for (const auto& [name, value] : names) {
              if (name == text) return value;
            }
            bad_value(text, wanted);
          },
          [names](const T& x) -> std::string {
            for (const auto& [name, value] : names) {
              if (value == x) return std::string(name);
            }
            return "other";
          }};
}

using OptionalFormat = std::optional<Format>;
using OrderAndWidth = std::tuple<Order, int>;
using QueryConversion = std::tuple<OptionalFormat, QueryBlocks>;  // a format, or blocks
using CastRounding = std::tuple<Rounding, bool>;                  // a rounding, or by chance
using ShiftAbove = std::tuple<double, bool>;                      // nats, or a bound by norms

const FieldKind<Format>& format_kind();
const FieldKind<OptionalFormat>& optional_format_kind();
/// The formats of sums, and those that only operands of products have.
const FieldKind<OptionalFormat>& operand_format_kind();
const FieldKind<QueryConversion>& query_conversion_kind();
const FieldKind<Rounding>& rounding_kind();
const FieldKind<CastRounding>& cast_rounding_kind();
const FieldKind<OrderAndWidth>& order_kind();
const FieldKind<KvStorages>& storage_kind();
const FieldKind<bool>& bool_kind();
const FieldKind<double>& number_kind();
const FieldKind<double>& power_of_two_kind();
const FieldKind<ShiftAbove>& shift_above_kind();
const FieldKind<int>& count_kind();

}  // namespace attest::oracle
