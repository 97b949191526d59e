#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "check/case_file/case_json.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kMostReadable = 4096;  // larger tensors are written as bits
constexpr std::int64_t kMaxRank = 4;

std::string hex_of(const Tensor& t) {
  std::string text;
  const std::size_t size = size_of(t.dtype());
  text.reserve(static_cast<std::size_t>(t.count()) * size * 2);
  for (std::int64_t at = 0; at < t.count(); ++at) {
    const std::byte* element = t.data() + t.offset_of(at);
    for (std::size_t i = 0; i < size; ++i) {
      text += "0123456789abcdef"[std::to_integer<unsigned>(element[i]) >> 4];
      text += "0123456789abcdef"[std::to_integer<unsigned>(element[i]) & 15];
    }
  }
  return text;
}

// Whether writing values would lose bits: NaNs have payloads, and signs that "nan" does not tell.
bool holds_odd_nan(const Tensor& t) {
  const std::vector<double> values = t.values();
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (!std::isnan(values[at])) continue;
    std::byte quiet[8];
    encode(t.dtype(), std::nan(""), quiet);
    const std::byte* element = t.data() + t.offset_of(static_cast<std::int64_t>(at));
    if (!std::equal(element, element + size_of(t.dtype()), quiet)) return true;
  }
  return false;
}

std::int64_t checked_count(const std::vector<std::int64_t>& shape, const std::string& where) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    count *= extent;  // both at most 2^26
    if (count > kMaxCaseElements) bad_case(where, fmt::format("has more than {} elements", kMaxCaseElements));
  }
  return count;
}

// How a tensor is stored, and how kernels see it where that differs.
struct Layout {
  std::vector<std::int64_t> shape, strides;
  std::optional<std::vector<std::int64_t>> memory_strides;
};

// Repeated axes stay repeated.
std::vector<std::int64_t> packed_like(const Layout& layout) {
  std::vector<std::int64_t> stored = layout.shape;
  for (std::size_t axis = 0; axis < stored.size(); ++axis) {
    if (layout.strides[axis] == 0 && stored[axis] != 0) stored[axis] = 1;
  }
  std::vector<std::int64_t> strides = row_major_strides(stored);
  for (std::size_t axis = 0; axis < stored.size(); ++axis) {
    if (layout.strides[axis] == 0) strides[axis] = 0;
  }
  return strides;
}

Layout layout_from_json(const Json& json, const std::string& where) {
  Layout layout;
  layout.shape = integers_member(json, "shape", where, kMaxCaseElements);
  const std::int64_t count = checked_count(layout.shape, where);
  layout.strides = json.contains("strides") ? integers_member(json, "strides", where, kMaxSpan)
                                            : row_major_strides(layout.shape);
  if (layout.shape.size() != layout.strides.size()) {
    bad_case(where, fmt::format("has {} extents and {} strides", layout.shape.size(), layout.strides.size()));
  }
  if (json.contains("memory_strides")) {
    layout.memory_strides = integers_member(json, "memory_strides", where, kMaxSpan);
  }
  const std::int64_t limit = (std::int64_t{1} << 16) + 16 * count;
  const std::int64_t stored = storage_elements(layout.shape, layout.strides);
  if (stored <= limit) return layout;
  if (layout.memory_strides) {
    bad_case(where,
             fmt::format("stores {} elements for {} values; its strides are too large", stored, count));
  }
  layout.memory_strides = layout.strides;
  layout.strides = packed_like(layout);
  return layout;
}

Tensor tensor_of(DType dtype, const Layout& layout, const std::string& where, CaseSize& size) {
  size.bytes += storage_elements(layout.shape, layout.strides) * static_cast<std::int64_t>(size_of(dtype));
  if (size.bytes > kMaxCaseBytes) {
    bad_case(where, fmt::format("makes the stored elements exceed {} bytes", kMaxCaseBytes));
  }
  const Tensor tensor(dtype, layout.shape, layout.strides);
  if (!layout.memory_strides) return tensor;
  try {
    return tensor.spread_to(*layout.memory_strides);
  } catch (const std::invalid_argument& error) {
    bad_case(where, error.what());
  }
}

unsigned nibble(char c, const std::string& where) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  bad_case(where, "holds a character that is not a lower-case hex digit");
}

void read_bits(const Json& json, Tensor& t, const std::string& where) {
  const std::size_t size = size_of(t.dtype());
  const auto& text = json.get_ref<const std::string&>();
  for (std::int64_t at = 0; at < t.count(); ++at) {
    std::byte* element = t.bytes().data() + t.offset_of(at);
    const char* digits = text.data() + static_cast<std::size_t>(at) * size * 2;
    for (std::size_t i = 0; i < size; ++i) {
      element[i] =
          static_cast<std::byte>(nibble(digits[2 * i], where) << 4 | nibble(digits[2 * i + 1], where));
    }
  }
}

void read_values(const Json& json, Tensor& t, const std::string& where) {
  std::vector<double> values;
  values.reserve(json.size());
  for (const Json& entry : json) {
    values.push_back(number_from_json(entry, t.dtype(), fmt::format("{}[{}]", where, values.size())));
  }
  t.assign(values);
}

// What the text gives is counted before anything is allocated for it.
void check_given(const Json& json, std::int64_t count, DType dtype, const std::string& where) {
  const bool has_values = json.contains("values");
  if (has_values == json.contains("bits")) bad_case(where, "needs either \"values\" or \"bits\"");
  if (has_values) {
    const Json& values = json["values"];
    if (!values.is_array() || static_cast<std::int64_t>(values.size()) != count) {
      bad_case(where + ".values",
               fmt::format("must be an array of {} numbers, one for each element of the shape", count));
    }
    return;
  }
  const Json& bits = json["bits"];
  const auto digits = static_cast<std::size_t>(count) * size_of(dtype) * 2;
  if (!bits.is_string() || bits.get_ref<const std::string&>().size() != digits) {
    bad_case(
        where + ".bits",
        fmt::format("must be a string of {} hex digits, because the shape has {} elements", digits, count));
  }
}

}  // namespace

Json tensor_to_json(const Tensor& t) {
  Json json;
  json["dtype"] = name_of(t.dtype());
  json["shape"] = t.shape();
  if (t.strides() != row_major_strides(t.shape())) json["strides"] = t.strides();
  if (t.spread()) json["memory_strides"] = t.memory_strides();
  if (t.count() > kMostReadable || holds_odd_nan(t)) {
    json["bits"] = hex_of(t);
    return json;
  }
  json["values"] = Json::array();
  for (const double x : t.values()) json["values"].push_back(number_to_json(x, t.dtype()));
  return json;
}

std::vector<std::int64_t> integers_member(const Json& object, const char* name, const std::string& where,
                                          std::int64_t most) {
  const Json& json = member(object, name, where);
  const std::string at = where + "." + name;
  if (!json.is_array() || json.size() > kMaxRank) bad_case(at, "must be an array of at most 4 integers");
  std::vector<std::int64_t> list;
  for (const Json& entry : json) {
    if (!entry.is_number_integer() ||
        (entry.is_number_unsigned() && entry.get<std::uint64_t>() > static_cast<std::uint64_t>(most)) ||
        entry.get<std::int64_t>() < 0) {
      bad_case(at, fmt::format("holds {}; its entries are integers from 0 to {}", what_is(entry), most));
    }
    list.push_back(entry.get<std::int64_t>());
  }
  return list;
}

Tensor tensor_from_json(const Json& json, const std::string& where, CaseSize& size) {
  require_members(json, {"dtype", "shape", "strides", "memory_strides", "values", "bits"}, where);
  const std::string dtype_name = text_member(json, "dtype", where);
  const std::optional<DType> dtype = dtype_from_name(dtype_name);
  if (!dtype) bad_case(where + ".dtype", "must be one of f64, f32, f16, bf16, i32, u8");
  const Layout layout = layout_from_json(json, where);
  const std::int64_t count = checked_count(layout.shape, where);
  check_given(json, count, *dtype, where);
  Tensor t = tensor_of(*dtype, layout, where, size);
  if (json.contains("bits")) {
    read_bits(json["bits"], t, where + ".bits");
  } else {
    read_values(json["values"], t, where + ".values");
  }
  size.elements += count;
  return t;
}

}  // namespace attest::check
