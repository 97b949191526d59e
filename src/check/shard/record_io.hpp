// One description of a record for writing and for reading: visit(archive, record) names every member.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::check {

using RecordJson = nlohmann::ordered_json;

/// Throws files::FileFormatError("shard file: <where> <what>").
[[noreturn]] inline void bad_record(const std::string& where, const std::string& what) {
  throw files::FileFormatError(fmt::format("shard file: {} {}", quote(where, 60), what));
}

inline constexpr std::size_t kMostText = std::size_t{1} << 16;

/// The last enumerator; enumerations that records hold specialise it.
template <class Enum>
inline constexpr std::int64_t kLast = -1;

template <class T, class Record>
concept Is = std::is_same_v<std::remove_const_t<T>, Record>;

/// Counts are at most this, so that no sum of a file's counts overflows.
inline constexpr std::int64_t kMostCount = std::int64_t{1} << 38;

/// Writes each member into an object.
class RecordWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = write(value);
  }
  RecordJson take() { return std::move(json_); }

  static RecordJson write(const RecordJson& value) { return value; }
  static RecordJson write(bool value) { return value; }
  static RecordJson write(const std::string& value) { return value; }
  static RecordJson write(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  template <class T>
  requires std::is_integral_v<T>
  static RecordJson write(T value) { return value; }
  template <class T>
  requires std::is_enum_v<T>
  static RecordJson write(T value) { return static_cast<std::int64_t>(value); }
  template <class T>
  static RecordJson write(const std::optional<T>& value) {
    return value ? write(*value) : RecordJson(nullptr);
  }
  template <class A, class B>
  static RecordJson write(const std::pair<A, B>& value) {
    return RecordJson::array({write(value.first), write(value.second)});
  }
  template <class T>
  static RecordJson write(const std::vector<T>& values) {
    RecordJson list = RecordJson::array();
    for (const T& value : values) list.push_back(write(value));
    return list;
  }
  template <class T, std::size_t N>
  static RecordJson write(const std::array<T, N>& values) {
    RecordJson list = RecordJson::array();
    for (const T& value : values) list.push_back(write(value));
    return list;
  }
  template <class K, class V>
  static RecordJson write(const std::map<K, V>& values) {
    return write(std::vector<std::pair<K, V>>(values.begin(), values.end()));
  }
  template <class T>
  requires std::is_class_v<T>
  static RecordJson write(const T& value) {
    RecordWriter inner;
    visit(inner, value);
    return inner.take();
  }

 private:
  RecordJson json_ = RecordJson::object();
};

/// Reads each member of an object, which must have it.
class RecordReader {
 public:
  RecordReader(const RecordJson& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object()) bad_record(where_, "must be an object");
  }

  template <class T>
  void operator()(const char* name, T& value) {
    const auto found = json_.find(name);
    const std::string at = where_ + "." + name;
    if (found == json_.end()) bad_record(at, "is missing");
    read(*found, at, value);
  }

  static void read(const RecordJson& json, const std::string& /*where*/, RecordJson& value) { value = json; }
  static void read(const RecordJson& json, const std::string& where, bool& value) {
    if (!json.is_boolean()) bad_record(where, "must be true or false");
    value = json.get<bool>();
  }
  static void read(const RecordJson& json, const std::string& where, std::string& value) {
    if (!json.is_string()) bad_record(where, "must be a text");
    value = json.get<std::string>();
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (value.size() > kMostText || std::any_of(value.begin(), value.end(), is_control))
      bad_record(where, fmt::format("must be a text of at most {} bytes on one line", kMostText));
  }
  static void read(const RecordJson& json, const std::string& where, double& value) {
    if (json.is_number()) {
      value = json.get<double>();
      return;
    }
    const std::string text = json.is_string() ? json.get<std::string>() : "";
    if (text != "nan" && text != "inf" && text != "-inf") bad_record(where, "must be a number");
    value = text == "nan" ? std::nan("") : text == "inf" ? HUGE_VAL : -HUGE_VAL;
  }
  static void read(const RecordJson& json, const std::string& where, std::int64_t& value) {
    value = integer(json, where, -kMostCount, kMostCount);
  }
  static void read(const RecordJson& json, const std::string& where, std::uint64_t& value) {
    if (!json.is_number_unsigned()) bad_record(where, "must be an integer from 0 to 2^64 - 1");
    value = json.get<std::uint64_t>();
  }
  static void read(const RecordJson& json, const std::string& where, int& value) {
    value = static_cast<int>(integer(json, where, 0, 1 << 20));
  }
  template <class T>
  requires std::is_enum_v<T>
  static void read(const RecordJson& json, const std::string& where, T& value) {
    static_assert(kLast<T> >= 0);
    value = static_cast<T>(integer(json, where, 0, kLast<T>));
  }
  template <class T>
  static void read(const RecordJson& json, const std::string& where, std::optional<T>& value) {
    value.reset();
    if (json.is_null()) return;
    read(json, where, value.emplace());
  }
  template <class A, class B>
  static void read(const RecordJson& json, const std::string& where, std::pair<A, B>& value) {
    if (!json.is_array() || json.size() != 2) bad_record(where, "must be a pair");
    read(json[0], where, value.first);
    read(json[1], where, value.second);
  }
  template <class T>
  static void read(const RecordJson& json, const std::string& where, std::vector<T>& values) {
    if (!json.is_array()) bad_record(where, "must be an array");
    values.clear();
    for (const RecordJson& entry : json) {
      const std::string at = fmt::format("{}[{}]", where, values.size());
      if constexpr (std::is_same_v<T, bool>) {
        bool flag = false;
        read(entry, at, flag);
        values.push_back(flag);
      } else {
        read(entry, at, values.emplace_back());
      }
    }
  }
  template <class T, std::size_t N>
  static void read(const RecordJson& json, const std::string& where, std::array<T, N>& values) {
    if (!json.is_array() || json.size() != N) bad_record(where, fmt::format("must be an array of {}", N));
    for (std::size_t i = 0; i < N; ++i) read(json[i], fmt::format("{}[{}]", where, i), values[i]);
  }
  template <class K, class V>
  static void read(const RecordJson& json, const std::string& where, std::map<K, V>& values) {
    std::vector<std::pair<K, V>> entries;
    read(json, where, entries);
    values = {entries.begin(), entries.end()};
  }
  template <class T>
  requires std::is_class_v<T>
  static void read(const RecordJson& json, const std::string& where, T& value) {
    RecordReader inner(json, where);
    visit(inner, value);
  }

  const std::string& where() const { return where_; }

 private:
  static std::int64_t integer(const RecordJson& json, const std::string& where, std::int64_t least,
                              std::int64_t most) {
    const bool fits =
        json.is_number_integer() &&
        !(json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(most));
    if (!fits || json.get<std::int64_t>() < least || json.get<std::int64_t>() > most)
      bad_record(where, fmt::format("must be an integer from {} to {}", least, most));
    return json.get<std::int64_t>();
  }

  const RecordJson& json_;
  std::string where_;
};

}  // namespace attest::check
