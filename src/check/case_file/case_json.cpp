#include "check/case_file/case_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "problem/quote.hpp"

namespace attest::check {
namespace {

constexpr int kShortDigits = 7;  // longer decimals say less to a person than the bits do

// "0x1.8p-3" and "-0x1p+0", whole.
bool hex_from(std::string_view text, double& x) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.substr(0, 2) != "0x") return false;
  text.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), x, std::chars_format::hex);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (negative) x = -x;
  return true;
}

double text_number(const std::string& text, DType dtype, const std::string& where) {
  const bool floating = is_floating(dtype);
  if (floating && text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (floating && text == "inf") return HUGE_VAL;
  if (floating && text == "-inf") return -HUGE_VAL;
  double x = 0;
  if (!hex_from(text, x))
    bad_case(where, "is not a number, a hex float (\"0x1.8p+3\"), \"nan\", \"inf\" or \"-inf\"");
  return x;
}

bool in_integer_range(double x, DType dtype) {
  const double low = dtype == DType::u8 ? 0.0 : std::numeric_limits<std::int32_t>::min();
  const double high = dtype == DType::u8 ? 255.0 : std::numeric_limits<std::int32_t>::max();
  return x >= low && x <= high && x == std::nearbyint(x);
}

}  // namespace

// An array or object is not written out: it may be large, and deep.
std::string what_is(const Json& json) {
  if (json.is_array()) return "an array";
  if (json.is_object()) return "an object";
  return quote(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void bad_case(const std::string& where, const std::string& what) {
  throw CaseFileError(fmt::format("case file: {} {}", quote(where, 48), what));
}

Json number_to_json(double x, DType dtype) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  for (int digits = 1; digits <= kShortDigits; ++digits) {
    const double shorter = std::strtod(fmt::format("{:.{}g}", x, digits).c_str(), nullptr);
    const bool integer = !is_floating(dtype);
    if (integer ? shorter == x : representable(dtype, shorter) == x) {
      return integer ? Json(static_cast<std::int64_t>(shorter)) : Json(shorter);
    }
  }
  return is_floating(dtype) ? Json(fmt::format("{:a}", x)) : Json(static_cast<std::int64_t>(x));
}

double number_from_json(const Json& json, DType dtype, const std::string& where) {
  if (!json.is_number() && !json.is_string())
    bad_case(where, fmt::format("is {}, must be a number", what_is(json)));
  const bool text = json.is_string();
  const double x = text ? text_number(json.get_ref<const std::string&>(), dtype, where) : json.get<double>();
  if (!is_floating(dtype)) {
    if (!in_integer_range(x, dtype))
      bad_case(where, fmt::format("is {}, which {} cannot hold", x, name_of(dtype)));
    return x;
  }
  const double stored = representable(dtype, x);
  if (std::isfinite(x) && !std::isfinite(stored)) {
    bad_case(where, fmt::format("is {}, which overflows {}", x, name_of(dtype)));
  }
  if (text && std::isfinite(x) && stored != x) {
    bad_case(where, fmt::format("is {}, which {} cannot hold exactly", what_is(json), name_of(dtype)));
  }
  return stored;
}

const Json& member(const Json& object, const char* name, const std::string& where) {
  const auto found = object.find(name);
  if (found == object.end()) bad_case(where, fmt::format("has no \"{}\"", name));
  return *found;
}

std::string text_member(const Json& object, const char* name, const std::string& where) {
  const Json& json = member(object, name, where);
  if (!json.is_string()) bad_case(where + "." + name, fmt::format("is {}, must be a string", what_is(json)));
  return json.get<std::string>();
}

std::int64_t integer_member(const Json& object, const char* name, const std::string& where) {
  const Json& json = member(object, name, where);
  const bool fits =
      json.is_number_integer() &&
      (!json.is_number_unsigned() || json.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max());
  if (!fits) bad_case(where + "." + name, fmt::format("is {}, must be an integer", what_is(json)));
  return json.get<std::int64_t>();
}

void require_members(const Json& json, const std::vector<std::string_view>& names, const std::string& where) {
  if (!json.is_object()) bad_case(where, fmt::format("is {}, must be an object", what_is(json)));
  for (const auto& [name, value] : json.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string guess = closest_word(name, names);
      bad_case(where,
               fmt::format("has an unknown member {}; {} {}", what_is(Json(name)),
                           guess.empty() ? "it may have:" : "did you mean",
                           guess.empty() ? quote(fmt::format("{}", fmt::join(names, ", ")), 90) : guess));
    }
  }
}

}  // namespace attest::check
