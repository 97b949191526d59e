#include "report/page/page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "prove/prove.hpp"
#include "report/check/laws/laws_markdown.hpp"
#include "report/forms/forms_report.hpp"
#include "report/host.hpp"
#include "report/page/errors_html.hpp"
#include "report/page/findings_html.hpp"
#include "report/page/kernel_html.hpp"
#include "report/page/laws_html.hpp"
#include "report/page/markup/html.hpp"
#include "report/page/markup/markdown.hpp"
#include "report/page/markup/table.hpp"
#include "report/page/own_html.hpp"
#include "report/page/style.hpp"
#include "report/page/summary.hpp"
#include "report/proofs/proofs_markdown.hpp"
#include "report/space/space_json.hpp"

namespace attest::report::page {
namespace {

struct Section {
  const char* id;
  const char* title;
  Html body;
};

Html kernels_html(const Content& content) {
  Html all;
  for (std::size_t k = 0; k < content.kernels.size(); ++k) all += kernel_html(content, k);
  return all;
}

Html laws_html(const Content& content) {
  return law_matrix_html(content) + folded("by family of kernels, with observations that are not defects",
                                           from_markdown(laws_markdown(content.kernels)));
}

Html space_html(const FullReport& own) {
  return frontier_html(own.space) + from_markdown(space_markdown(own.space)) +
         element("h3", "Memory of kernels") + from_markdown(kernel_memory_markdown(own.kernel_memory));
}

Html versions_html(const Content& content) {
  const auto host = host_json();
  Table table{.headings = headings_of({"what", "value"})};
  const auto add = [&](const char* what, const Html& value) {
    table.rows.push_back({.cells = {text(what), value}});
  };
  add("attest", text(ATTEST_VERSION));
  add("seed", text(std::to_string(content.seed)));
  add("effort", text(content.effort));
  add("processor", text(host["cpu"].get<std::string>()));
  add("instruction sets",
      text(fmt::format("{}", fmt::join(host["isa"].get<std::vector<std::string>>(), ", "))));
  for (const check::KernelReport& r : content.kernels)
    add("kernel", element("code", r.info.name) + text(" " + r.info.version));
  if (content.own != nullptr) {
    add("Z3", text(prove::z3_version()));
    const std::string cvc5 = prove::cvc5_version();
    add("cvc5", text(cvc5.empty() ? "not installed" : cvc5));
  }
  return element("p",
                 "The same command, seed and machine give the same results, except for timings and memory:") +
         element("pre", content.command) + table_html(table);
}

std::vector<Section> sections(const Content& content) {
  std::vector<Section> all{{"verdicts", "Verdicts", verdicts_html(content)},
                           {"findings", "Findings", findings_html(content)},
                           {"laws", "Laws by kernels", laws_html(content)},
                           {"errors", "Errors and bounds", errors_html(content)}};
  if (content.own != nullptr) {
    const FullReport& own = *content.own;
    all[3].body += element("h3", "Error by length and precision") + growth_html(own.growth) +
                   folded("by form", from_markdown(growth_markdown(own.growth)));
    all.push_back({"proofs", "Proofs, and what they rest on",
                   from_markdown(proofs_markdown(own.proofs, own.proof_seconds) + coq_markdown(own.coq))});
    all.push_back(
        {"forms", "Laws on attest's own forms", from_markdown(matrix_markdown(own.matrix, own.proofs))});
    all.push_back({"space", "Space and time", space_html(own)});
    all.push_back({"costs", "What a certificate costs", from_markdown(costs_markdown(own.costs))});
  }
  all.push_back({"kernels", "Kernels in detail", kernels_html(content)});
  all.push_back({"versions", "Versions, and how to reproduce", versions_html(content)});
  return all;
}

std::string title_of(const Content& content) {
  if (content.own != nullptr) return "attest report";
  return content.kernels.size() == 1 ? "attest check: " + content.kernels.front().info.name : "attest check";
}

}  // namespace

std::string page_html(const Content& content) {
  Html contents, body;
  for (const Section& section : sections(content)) {
    contents += element("li", link_to(section.id, section.title));
    body += element("section", {{"id", section.id}}, element("h2", section.title) + section.body);
  }
  const std::string title = title_of(content);
  const Html head = element("header", element("h1", title) +
                                          element("p", {{"class", "note"}},
                                                  fmt::format("attest {}, seed {}, effort {}", ATTEST_VERSION,
                                                              content.seed, content.effort)) +
                                          summary_html(content) + element("nav", element("ul", contents)));
  return document(title, kStyle, head + element("main", body)).markup();
}

}  // namespace attest::report::page
