#include "report/page/laws_html.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/number.hpp"
#include "report/page/markup/table.hpp"

namespace attest::report::page {
namespace {

struct Sign {
  const char* css;
  const char* glyph;
  const char* words;
};

Sign sign_of(const check::LawReport& law) {
  switch (law.status) {
    case check::LawStatus::broken:
      return {"broken", "\xe2\x9c\x97", "broken"};
    case check::LawStatus::not_applicable:
      return {"na", "\xc2\xb7", "not applicable"};
    case check::LawStatus::held:
      break;
  }
  if (law.bitwise && *law.bitwise) return {"held", "=", "held, with the same bits"};
  return {"held", "\xe2\x9c\x93", "held"};
}

std::string cases_text(const check::LawReport& law) {
  if (law.cases == 0) return "-";
  return law.status == check::LawStatus::broken
             ? fmt::format("{} of {}", grouped(law.broken), grouped(law.cases))
             : grouped(law.cases);
}

std::string remarks(const check::LawReport& law) {
  std::string text = law.why;
  for (const auto& [note, calls] : law.notes)
    text += fmt::format("{}{} ({})", text.empty() ? "" : "; ", note, counted(calls, "call"));
  return text;
}

// Every law of any kernel, in the order in which they are first seen: captures have fewer than kernels.
std::vector<std::string> names_of_laws(const std::vector<check::KernelReport>& kernels) {
  std::vector<std::string> names;
  for (const check::KernelReport& r : kernels) {
    for (const check::LawReport& law : r.laws) {
      if (std::find(names.begin(), names.end(), law.name) == names.end()) names.push_back(law.name);
    }
  }
  return names;
}

Html matrix_cell(const Content& content, std::size_t kernel, const std::string& name) {
  const std::vector<check::LawReport>& laws = content.kernels[kernel].laws;
  const auto found =
      std::find_if(laws.begin(), laws.end(), [&](const check::LawReport& law) { return law.name == name; });
  if (found == laws.end()) return element("td", "");
  const Sign sign = sign_of(*found);
  const std::string id =
      law_id(detailed(content.kernels, kernel), static_cast<std::size_t>(found - laws.begin()));
  const Html link =
      element("a", {{"href", "#" + id}, {"title", fmt::format("{}: {}", sign.words, cases_text(*found))}},
              sign.glyph);
  return element("td", {{"class", sign.css}}, link);
}

}  // namespace

Html law_matrix_html(const Content& content) {
  Html head = element("th", "law");
  for (std::size_t k = 0; k < content.kernels.size(); ++k) {
    head += element("th", {{"class", "up"}},
                    element("span", link_to(kernel_id(k), content.kernels[k].info.name)));
  }
  Html body;
  for (const std::string& name : names_of_laws(content.kernels)) {
    Html row = element("th", name);
    for (std::size_t k = 0; k < content.kernels.size(); ++k) row += matrix_cell(content, k, name);
    body += element("tr", row);
  }
  const Html legend =
      element("p", {{"class", "note"}},
              "\xe2\x9c\x93 held, = held with the same bits in both runs, \xe2\x9c\x97 broken, \xc2\xb7 does "
              "not apply. A sign leads to the number of cases and the reason.");
  return legend + element("div", {{"class", "scroll"}},
                          element("table", {{"class", "laws"}},
                                  element("thead", element("tr", head)) + element("tbody", body)));
}

Html kernel_laws_html(const check::KernelReport& report, std::size_t kernel) {
  Table table{.headings = headings_of({"law", "status", "cases", "bitwise", "remarks"}),
              .numbers = {false, false, true}};
  for (std::size_t i = 0; i < report.laws.size(); ++i) {
    const check::LawReport& law = report.laws[i];
    const Sign sign = sign_of(law);
    const bool compared = law.bitwise && law.status == check::LawStatus::held;
    table.rows.push_back({.cells = {text(law.name),
                                    element("span", {{"class", sign.css}},
                                            fmt::format("{} {}", sign.glyph, name_of(law.status))),
                                    text(cases_text(law)),
                                    text(!compared      ? "-"
                                         : *law.bitwise ? "yes"
                                                        : "no"),
                                    text(remarks(law))},
                          .id = law_id(kernel, i)});
  }
  return table_html(table);
}

}  // namespace attest::report::page
