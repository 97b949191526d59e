#include "cli/output/required_bits.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "laws/law.hpp"
#include "problem/quote.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

constexpr std::array kWords{
    std::pair<std::string_view, std::string_view>{"batch", "batch invariance"},
    std::pair<std::string_view, std::string_view>{"decode", "decode = prefill"},
    std::pair<std::string_view, std::string_view>{"chunk", "blocks"},
    std::pair<std::string_view, std::string_view>{"threads", "thread invariance"},
    std::pair<std::string_view, std::string_view>{"run", "repeat"},
};

std::string law_of(const std::string& word) {
  for (const auto& [known, law] : kWords) {
    if (word == known) return std::string(law);
  }
  if (laws::find_law(word) != nullptr) return word;
  std::vector<std::string_view> words;
  for (const auto& entry : kWords) words.push_back(entry.first);
  throw std::invalid_argument(
      fmt::format("'{}' is no law; there are {}, and laws by name", quote(word, 40), fmt::join(words, ", ")));
}

RequiredBits result_of(const check::LawReport& law) {
  if (law.status == check::LawStatus::broken)
    return {law.name, RequiredBits::Answer::other, "the law is broken"};
  if (law.bitwise && law.status == check::LawStatus::held) {
    if (*law.bitwise) return {law.name, RequiredBits::Answer::equal, ""};
    return {law.name, RequiredBits::Answer::other, "within the bound, other bits"};
  }
  const std::string why =
      law.status == check::LawStatus::held ? "it compares no bits of this kernel" : law.why;
  return {law.name, RequiredBits::Answer::not_shown,
          "not shown: " + (why.empty() ? "no case asked it" : why)};
}

}  // namespace

std::vector<std::string> bitwise_laws_from(const std::string& words) {
  std::vector<std::string> laws;
  std::istringstream stream(words);
  for (std::string word; std::getline(stream, word, ',');) laws.push_back(law_of(word));
  return laws;
}

std::vector<RequiredBits> required_bits(const check::KernelReport& report,
                                        const std::vector<std::string>& laws) {
  std::vector<RequiredBits> results;
  for (const std::string& name : laws) {
    const auto law = std::find_if(report.laws.begin(), report.laws.end(),
                                  [&](const check::LawReport& each) { return each.name == name; });
    results.push_back(law != report.laws.end() ? result_of(*law)
                                               : RequiredBits{name, RequiredBits::Answer::not_shown,
                                                              "not shown: no case asked it"});
  }
  return results;
}

std::string required_bits_text(const std::vector<RequiredBits>& results) {
  std::string text;
  for (const RequiredBits& result : results) {
    text += report::wrapped(
        "", fmt::format("required bits: {}: {}", result.law, result.why.empty() ? "equal" : result.why));
  }
  return text;
}

nlohmann::ordered_json required_bits_json(const std::vector<RequiredBits>& results) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const RequiredBits& result : results) {
    nlohmann::ordered_json equal = result.answer == RequiredBits::Answer::equal;
    if (result.answer == RequiredBits::Answer::not_shown) equal = nullptr;
    json.push_back({{"law", result.law}, {"equal", std::move(equal)}, {"why", result.why}});
  }
  return json;
}

}  // namespace attest::cli
