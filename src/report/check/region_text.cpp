#include "report/check/region_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/wrap.hpp"

namespace attest::report {
namespace {

// "label: words", broken between words.
std::string labelled(const std::string& label, const std::string& words) {
  return wrapped(label, " " + words);
}

std::string apart_words(const check::RegionReport& region) {
  std::vector<std::string> pairs;
  for (const auto& [a, b] : region.apart) pairs.push_back(fmt::format("{} with {}", a, b));
  return fmt::format("{}", fmt::join(pairs, ", "));
}

std::string largest_words(const check::RegionReport& region) {
  std::vector<std::string> extents;
  for (const auto& [name, value] : region.largest) extents.push_back(fmt::format("{} {}", name, value));
  return fmt::format("{}", fmt::join(extents, ", "));
}

}  // namespace

std::string region_text(const check::RegionReport& region) {
  std::string text = labelled("accepts:", check::accepts_text(region));
  if (!region.declines.empty())
    text += labelled("declines:", fmt::format("{}", fmt::join(region.declines, ", ")));
  if (!region.apart.empty()) text += labelled("declines in combination:", apart_words(region));
  if (!region.not_examined.empty())
    text += labelled("not examined:", fmt::format("{}", fmt::join(region.not_examined, ", ")));
  if (!region.largest.empty()) text += labelled("tested up to:", largest_words(region));
  if (!region.forms.empty()) text += labelled("forms:", forms_words(region.forms));
  return text;
}

std::string region_markdown(const check::RegionReport& region) {
  std::string text = fmt::format("Accepts {}.", check::accepts_text(region));
  if (!region.declines.empty()) text += fmt::format(" Declines {}.", fmt::join(region.declines, ", "));
  if (!region.apart.empty()) text += fmt::format(" Declines in combination: {}.", apart_words(region));
  if (!region.not_examined.empty())
    text += fmt::format(" Not examined: {}.", fmt::join(region.not_examined, ", "));
  if (!region.largest.empty()) text += fmt::format(" Tested up to {}.", largest_words(region));
  return text;
}

Json accepts_json(const check::RegionReport& region) {
  Json extents = Json::object();
  for (const auto& [name, values] : region.extents) extents[name] = values;
  Json apart = Json::array();
  for (const auto& [a, b] : region.apart) apart.push_back({a, b});
  Json largest = Json::object();
  for (const auto& [name, value] : region.largest) largest[name] = value;
  Json json{{"text", check::accepts_text(region)},
            {"dtypes", region.dtypes},
            {"features", region.features},
            {"needs", region.needs},
            {"lengths", region.lengths},
            {"extents", extents},
            {"apart", apart},
            {"largest", largest},
            {"calls", region.calls}};
  if (!region.forms.empty()) json["forms"] = forms_json(region.forms);
  return json;
}

}  // namespace attest::report
