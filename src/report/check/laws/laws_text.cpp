#include "report/check/laws/laws_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "laws/statements.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kIndent = 30;  // of a row's details

bool is_definition(const check::LawReport& law) { return law.name == name_of(laws::LawId::definition); }

std::string details(const check::KernelReport& r, const check::LawReport& law) {
  if (law.status == check::LawStatus::not_applicable) return law.why;
  std::string text = counted(law.cases, "case");
  if (law.status == check::LawStatus::broken) text = fmt::format("in {} of {}", grouped(law.broken), text);
  if (is_definition(law)) {
    return fmt::format("{}   {}   {} certified   worst {} of bound, median {}", text,
                       counted(r.outputs, "output"), percent(r.informative, r.outputs),
                       short_text(r.max_bound_ratio), short_text(r.median_bound_ratio));
  }
  if (law.bitwise && law.status == check::LawStatus::held)
    text += *law.bitwise ? "   bitwise" : "   within bound, not bitwise";
  if (law.not_examined > 0) text += fmt::format("   {} not examined", grouped(law.not_examined));
  return text;
}

std::string row(const check::KernelReport& r, const check::LawReport& law) {
  const std::string status =
      law.status == check::LawStatus::not_applicable ? "n/a" : std::string(name_of(law.status));
  std::string text = wrapped(fmt::format("  {:<19}{:<9}", law.name, status), details(r, law), kIndent);
  for (const auto& [note, calls] : law.notes) {
    text += wrapped(std::string(kIndent, ' '), fmt::format("{} ({})", note, counted(calls, "call")), kIndent);
  }
  return text;
}

bool worth_a_row(const check::LawReport& law) {
  return law.status == check::LawStatus::broken || !law.notes.empty() || is_definition(law);
}

// "31 held, 1 broken, 2 not applicable (--laws lists them)"
std::string summary(const check::KernelReport& r) {
  std::vector<std::string> parts;
  const auto add = [&](check::LawStatus status, const char* what) {
    const auto n = std::count_if(r.laws.begin(), r.laws.end(),
                                 [&](const check::LawReport& law) { return law.status == status; });
    if (n > 0) parts.push_back(fmt::format("{} {}", n, what));
  };
  add(check::LawStatus::held, "held");
  add(check::LawStatus::broken, "broken");
  add(check::LawStatus::not_applicable, "not applicable");
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string laws_text(const check::KernelReport& r, bool all) {
  if (r.laws.empty()) return "";
  std::string text = wrapped("laws:", fmt::format(" {}{}", summary(r), all ? "" : " (--laws lists them)"));
  for (const check::LawReport& law : r.laws) {
    if (all || worth_a_row(law)) text += row(r, law);
  }
  return text;
}

}  // namespace attest::report
