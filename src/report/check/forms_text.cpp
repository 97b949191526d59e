#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/region_text.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kReasonsNamed = 4;

// The one with that name, added at the end if there is none.
template <class Named>
Named& find_or_add(std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  if (found != all.end()) return *found;
  all.push_back({.name = name});
  return all.back();
}

struct Reason {
  std::string name;
  std::int64_t forms = 0;
};

bool is_taken(const check::FormReport& form) { return form.answered > 0; }

std::int64_t taken_of(const std::vector<check::FormReport>& forms) {
  return std::count_if(forms.begin(), forms.end(), is_taken);
}

std::string reason_of(const check::FormReport& form) {
  return form.why_declined.empty() ? "no problem of the ABI can be asked so" : form.why_declined;
}

// The most frequent first.
std::vector<Reason> reasons_of(const std::vector<check::FormReport>& forms) {
  std::vector<Reason> reasons;
  for (const check::FormReport& form : forms) {
    if (!is_taken(form)) ++find_or_add(reasons, reason_of(form)).forms;
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.forms > b.forms; });
  return reasons;
}

}  // namespace

std::string forms_words(const std::vector<check::FormReport>& forms) {
  if (forms.empty()) return "";
  std::int64_t problems = 0;
  for (const check::FormReport& form : forms) problems += form.answered;
  std::string text =
      fmt::format("{} of {} combinations of attributes taken, in {} problems", grouped(taken_of(forms)),
                  grouped(static_cast<std::int64_t>(forms.size())), grouped(problems));
  std::vector<std::string> named;
  const std::vector<Reason> reasons = reasons_of(forms);
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsNamed); ++i)
    named.push_back(fmt::format("{} ({})", grouped(reasons[i].forms), reasons[i].name));
  if (reasons.size() > kReasonsNamed)
    named.push_back(fmt::format("the rest for {} other reasons", reasons.size() - kReasonsNamed));
  if (!named.empty()) text += fmt::format("; declined: {}", fmt::join(named, ", "));
  return text;
}

std::string forms_markdown(const std::vector<check::KernelReport>& kernels) {
  std::string text;
  for (const check::KernelReport& r : kernels) {
    if (!r.region.forms.empty())
      text += fmt::format("- **{}**: {}\n", r.info.name, forms_words(r.region.forms));
  }
  return text;
}

Json forms_json(const std::vector<check::FormReport>& forms) {
  Json taken = Json::object(), broken = Json::object(), declined = Json::object();
  for (const check::FormReport& form : forms) {
    if (is_taken(form))
      taken[form.name] = form.answered;
    else
      declined[form.name] = reason_of(form);
    if (form.broken > 0) broken[form.name] = form.broken;
  }
  return {{"taken", std::move(taken)}, {"broken", std::move(broken)}, {"declined", std::move(declined)}};
}

std::vector<FormAttribute> form_attributes(const std::vector<check::FormReport>& forms) {
  std::vector<FormAttribute> attributes;
  for (const check::FormReport& form : forms) {
    const std::string& words = form.name;
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find("; ", begin), words.size());
      FormAttribute& attribute = find_or_add(attributes, words.substr(begin, end - begin));
      ++attribute.forms;
      if (is_taken(form)) ++attribute.taken;
      begin = end + 2;
    }
  }
  return attributes;
}

}  // namespace attest::report
