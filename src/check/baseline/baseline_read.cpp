#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "check/baseline/baseline.hpp"
#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::check {
namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kMostBytes = std::uintmax_t{64} << 20;  // reports of all built-in kernels take 3 MB

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string())
    throw files::FileFormatError(fmt::format("a finding or kernel of the baseline has no text '{}'", key));
  return found->get<std::string>();
}

const Json& list_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_array())
    throw files::FileFormatError(
        fmt::format("the baseline has no list '{}': it is not a report of attest check", key));
  return *found;
}

}  // namespace

std::vector<AcceptedFinding> parse_baseline(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw files::FileFormatError("the baseline is not JSON");
  std::vector<AcceptedFinding> accepted;
  for (const Json& kernel : list_at(json, "kernels")) {
    for (const Json& finding : list_at(kernel, "findings")) {
      if (!finding.is_object()) throw files::FileFormatError("a finding of the baseline is not an object");
      accepted.push_back(
          {text_at(kernel, "name"), text_at(finding, "identity"), text_at(finding, "summary")});
    }
  }
  return accepted;
}

std::vector<AcceptedFinding> read_baseline(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw files::FileFormatError(fmt::format("cannot read {}: {}", quote(path), error.message()));
  if (size > kMostBytes) {
    throw files::FileFormatError(
        fmt::format("{} has {} bytes; a baseline may have {}", quote(path), size, kMostBytes));
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw files::FileFormatError(fmt::format("cannot read {}", quote(path)));
  return parse_baseline(text);
}

}  // namespace attest::check
