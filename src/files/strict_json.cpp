#include "files/strict_json.hpp"

#include <string>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

using Json = nlohmann::ordered_json;

// Follows the parser from event to event.
class Watch {
 public:
  explicit Watch(const JsonLimits& limits) : limits_(limits) {}

  bool operator()(int /*depth*/, Json::parse_event_t event, Json& value) {
    switch (event) {
      case Json::parse_event_t::object_start:
        open();
        break;
      case Json::parse_event_t::array_start:
        open();
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        names_.pop_back();
        break;
      case Json::parse_event_t::key:
        name(value.get_ref<const std::string&>());
        break;
      case Json::parse_event_t::value:
        count();
        break;
    }
    return true;
  }

 private:
  void count() {
    if (++values_ > limits_.values)
      throw FileFormatError(fmt::format("it holds more than {} values", limits_.values));
  }
  void open() {
    count();
    names_.emplace_back();
    if (names_.size() > static_cast<std::size_t>(limits_.depth))
      throw FileFormatError(fmt::format("it is nested deeper than {} levels", limits_.depth));
  }
  void name(const std::string& name) {
    if (!names_.back().insert(name).second)
      throw FileFormatError(fmt::format("it has \"{}\" twice", quote(name)));
    if (names_.back().size() > limits_.members)
      throw FileFormatError(fmt::format("an object has more than {} members", limits_.members));
  }

  const JsonLimits& limits_;
  std::size_t values_ = 0;
  std::vector<std::unordered_set<std::string>> names_;  // of the objects and arrays that are open
};

// Without "[json.exception.parse_error.101] ".
std::string reason_of(const std::string& what) {
  const std::size_t end = what.find(']');
  return quote(end == std::string::npos ? what : std::string_view(what).substr(end + 2), 120);
}

}  // namespace

nlohmann::ordered_json parse_json(std::string_view text, const JsonLimits& limits) {
  Watch watch(limits);
  try {
    return Json::parse(text, std::ref(watch));
  } catch (const Json::exception& error) {
    throw FileFormatError("not JSON: " + reason_of(error.what()));
  }
}

}  // namespace attest::files
