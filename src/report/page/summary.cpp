#include "report/page/summary.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/check/check_text.hpp"
#include "report/number.hpp"
#include "report/page/markup/table.hpp"

namespace attest::report::page {
namespace {

constexpr check::Verdict kVerdicts[] = {check::Verdict::defective, check::Verdict::suspect,
                                        check::Verdict::mistrusted, check::Verdict::conforming};

constexpr std::size_t kFewKernels = 3;  // whose extent is shown unfolded

struct First {
  std::size_t kernel = 0;
  const check::Finding* finding = nullptr;
};

First first_finding(const std::vector<check::KernelReport>& kernels) {
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (!kernels[k].findings.empty()) return {k, &kernels[k].findings.front()};
  }
  return {};
}

// How many kernels have which verdict.
Html counts(const Content& content) {
  Html items;
  for (const check::Verdict verdict : kVerdicts) {
    const auto n = std::count_if(content.kernels.begin(), content.kernels.end(),
                                 [&](const check::KernelReport& r) { return r.verdict == verdict; });
    if (n > 0)
      items += element("li", {{"class", std::string(name_of(verdict))}},
                       fmt::format("{} {}", n, name_of(verdict)));
  }
  if (!content.unavailable.empty())
    items += element("li", fmt::format("{} not available", content.unavailable.size()));
  return element("ul", {{"class", "counts"}}, items);
}

Html verdict(const Content& content) {
  if (content.kernels.empty()) return element("p", {{"class", "verdict"}}, "No kernel was checked.");
  if (content.kernels.size() > 1) {
    return element("p", {{"class", "verdict"}},
                   counted(static_cast<std::int64_t>(content.kernels.size()), "kernel") + " checked") +
           counts(content);
  }
  const check::KernelReport& r = content.kernels.front();
  return element("p", {{"class", "verdict"}},
                 verdict_badge(r.verdict) + text(" " + r.info.name + " ") +
                     element("span", {{"class", "version"}}, r.info.version)) +
         reason_html(r);
}

Html finding(const Content& content, const First& first) {
  const check::Finding& f = *first.finding;
  Html card = element("p", element("strong", "First finding") + text(", in ") +
                               element("code", content.kernels[first.kernel].info.name) + text(": ") +
                               link_to(finding_id(first.kernel, 0), f.summary));
  card += element("p", text("smallest case ") + element("code", describe(f.problem)));
  if (!f.file.empty()) card += element("p", text("replay ") + element("code", replay_command(f)));
  return element("div", {{"class", "card"}}, card);
}

std::string not_looked_at(const check::KernelReport& r) {
  std::vector<std::string> parts = r.region.not_examined;
  if (r.stopped_early) parts.insert(parts.begin(), "the rest of the cases: " + r.why_stopped);
  if (r.verdict == check::Verdict::mistrusted)
    parts.insert(parts.begin(), r.mistrust.begin(), r.mistrust.end());
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, "; "));
}

std::string examined(const check::KernelReport& r) {
  std::string text = counted(r.cases, "case");
  if (r.region.calls > 0) text += fmt::format(": {}", check::accepts_text(r.region));
  return text;
}

Html unavailable_html(const Content& content) {
  Html items;
  for (const UnavailableKernel& kernel : content.unavailable)
    items += element("li", element("code", kernel.name) + text(" is not available: " + kernel.why));
  return items.empty() ? Html() : element("ul", items);
}

}  // namespace

Html verdict_badge(check::Verdict verdict) {
  std::string word(name_of(verdict));
  const std::string css = "badge " + word;
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::toupper(c); });
  return element("span", {{"class", css}}, word);
}

Html reason_html(const check::KernelReport& report) {
  const std::string reason = verdict_reason(report);
  return reason.empty() ? Html() : element("p", reason);
}

Html summary_html(const Content& content) {
  const First first = first_finding(content.kernels);
  return verdict(content) + (first.finding != nullptr ? finding(content, first) : Html());
}

Html verdicts_html(const Content& content) {
  Table verdicts{.headings = headings_of({"kernel", "verdict", "findings", "worst of bound", "median",
                                          "certified", "outputs", "cases (declined)", "version"}),
                 .numbers = {false, false, true, true, true, true, true, true, false}};
  Table extent{.headings = headings_of({"kernel", "examined", "assumed", "not looked at"})};
  for (std::size_t k = 0; k < content.kernels.size(); ++k) {
    const check::KernelReport& r = content.kernels[k];
    const Html name = link_to(kernel_id(k), r.info.name);
    verdicts.rows.push_back(
        {.cells = {name, verdict_badge(r.verdict), text(std::to_string(r.findings.size())),
                   text(short_text(r.max_bound_ratio)), text(short_text(r.median_bound_ratio)),
                   text(percent(r.informative, r.outputs)), text(grouped(r.outputs)),
                   text(fmt::format("{} ({})", grouped(r.cases), grouped(r.declined))),
                   text(r.info.version)}});
    const std::string contract = fmt::format("contract {} ({})", r.contract, contract_origin(r));
    extent.rows.push_back({.cells = {name, text(examined(r)), text(contract), text(not_looked_at(r))}});
  }
  const Html explained = element(
      "p", {{"class", "note"}},
      "Each output is compared with the exact result of the definition. It is certified if there is a "
      "derived, informative bound on the error of every correct kernel with that contract. \"Of bound\" is "
      "the error divided by its bound: above 1, the kernel is wrong. A verdict covers the cases that ran.");
  const std::string title = "What was examined, assumed, and not looked at";
  const bool few = content.kernels.size() <= kFewKernels;
  return explained + table_html(verdicts) + unavailable_html(content) +
         (few ? element("h3", title) + table_html(extent) : folded(title, table_html(extent)));
}

}  // namespace attest::report::page
