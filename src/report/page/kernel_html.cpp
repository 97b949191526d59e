#include "report/page/kernel_html.hpp"

#include <fmt/format.h>

#include "report/check/check_text.hpp"
#include "report/check/coverage_text.hpp"
#include "report/check/crossings_text.hpp"
#include "report/check/inferred_text.hpp"
#include "report/check/region_text.hpp"
#include "report/number.hpp"
#include "report/page/laws_html.hpp"
#include "report/page/markup/table.hpp"
#include "report/page/summary.hpp"

namespace attest::report::page {
namespace {

Html families_html(const check::KernelReport& r) {
  Table table{.headings = headings_of({"family", "purpose", "cases (declined)", "outputs", "certified"}),
              .numbers = {false, false, true, true, true}};
  for (const check::FamilyReport& f : r.families) {
    table.rows.push_back({.cells = {text(f.name), text(f.reason),
                                    text(fmt::format("{} ({})", grouped(f.cases), grouped(f.declined))),
                                    text(grouped(f.outputs)), text(percent(f.informative, f.outputs))}});
  }
  return table_html(table);
}

Html crossings_html(const check::CoverageReport& c) {
  Table table{.headings = headings_of({"feature"}), .numbers = {false}};
  for (const std::string& shape : c.shapes) table.headings.push_back(text(shape));
  table.numbers.resize(c.shapes.size() + 1, true);
  for (const check::CoverageReport::Row& row : c.features) {
    std::vector<Html> cells{text(row.feature)};
    for (const auto& n : row.cases) cells.push_back(n ? text(grouped(*n)) : Html());
    table.rows.push_back({.cells = std::move(cells)});
  }
  return element("p", crossings_text(c)) + table_html(table);
}

Html forms_html(const std::vector<check::FormReport>& forms) {
  Table table{.headings = headings_of({"attribute", "forms", "taken"}), .numbers = {false, true, true}};
  for (const FormAttribute& attribute : form_attributes(forms)) {
    table.rows.push_back(
        {.cells = {text(attribute.name), text(grouped(attribute.forms)), text(grouped(attribute.taken))}});
  }
  return element("p", forms_words(forms)) + table_html(table);
}

Html facts(const check::KernelReport& r) {
  Html items;
  const auto add = [&](const std::string& words) {
    if (!words.empty()) items += element("li", words);
  };
  add(fmt::format("examined: {} ({} declined), seed {}, {:.1f} s", counted(r.cases, "case"),
                  grouped(r.declined), r.seed, r.seconds));
  if (r.stopped_early) add("stopped early: " + r.why_stopped);
  if (r.rows) add(coverage_text(*r.rows));
  add(fmt::format("contract {} ({})", r.contract, contract_origin(r)));
  if (r.saturates_at) add(saturation_text(r));
  for (const check::ContractReport& c : r.contracts) add(c.text + ": " + contract_text(c));
  if (r.alarm.outputs > 0 || !r.alarm.why_not.empty()) add(alarm_text(r.alarm));
  for (const std::string& suspicion : r.alarm.suspicions) add("suspicious: " + suspicion);
  for (const std::string& why : r.mistrust) add("too weak: " + why);
  add(tiers_text(r.rows_by_tier));
  add(memory_text(r.memory));
  Html all = element("ul", items);
  if (r.region.calls > 0) all += element("p", region_markdown(r.region));
  if (r.inferred) all += element("pre", inferred_text(*r.inferred));
  return all;
}

}  // namespace

Html kernel_html(const Content& content, std::size_t kernel) {
  const check::KernelReport& r = content.kernels[kernel];
  const std::size_t of = detailed(content.kernels, kernel);
  const Html title =
      element("h3", {{"id", kernel_id(kernel)}},
              element("code", r.info.name) + text(" " + r.info.version + " ") + verdict_badge(r.verdict));
  if (of != kernel) {
    return title +
           element("p", text("The same bits as ") + link_to(kernel_id(of), content.kernels[of].info.name) +
                            text(" in every call, so judged only once: its details are there."));
  }
  Html details = facts(r) + element("h4", "Laws") + kernel_laws_html(r, kernel);
  if (!r.families.empty()) details += element("h4", "Families of inputs") + families_html(r);
  if (!r.region.forms.empty()) details += element("h4", "Forms of the operator") + forms_html(r.region.forms);
  if (!r.coverage.features.empty())
    details += element("h4", "Features by shapes") + crossings_html(r.coverage);
  return title + reason_html(r) + (content.kernels.size() == 1 ? details : folded("details", details));
}

}  // namespace attest::report::page
