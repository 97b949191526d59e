#include "report/full/markdown.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "prove/prove_text.hpp"
#include "report/check/case_text.hpp"
#include "report/check/check_text.hpp"
#include "report/check/region_text.hpp"
#include "report/forms/forms_report.hpp"
#include "report/host.hpp"
#include "report/number.hpp"
#include "report/proofs/proofs_markdown.hpp"
#include "report/space/space_json.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

std::string summary_table(const FullReport& report) {
  std::string text =
      "| kernel | version | verdict | cases (declined) | outputs | certified | worst of bound | median |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const check::KernelReport& r : report.kernels) {
    text += fmt::format(
        "| {} | {} | **{}**{} | {} ({}) | {} | {} | {} | {} |\n", cell(r.info.name), cell(r.info.version),
        name_of(r.verdict),
        r.findings.empty() ? "" : ", " + counted(static_cast<std::int64_t>(r.findings.size()), "finding"),
        grouped(r.cases), grouped(r.declined), grouped(r.outputs), percent(r.informative, r.outputs),
        short_text(r.max_bound_ratio), short_text(r.median_bound_ratio));
  }
  for (const UnavailableKernel& kernel : report.unavailable) {
    text += fmt::format("| {} | | not available: {} | | | | | |\n", cell(kernel.name), cell(kernel.why));
  }
  return text;
}

// Why a kernel is neither conforming nor defective.
std::string undecided(const std::vector<check::KernelReport>& kernels) {
  std::string text;
  for (const check::KernelReport& r : kernels) {
    if (r.verdict != check::Verdict::suspect && r.verdict != check::Verdict::mistrusted) continue;
    text += fmt::format("{}- **{}** is {}: {}", text.empty() ? "\n" : "", r.info.name, name_of(r.verdict),
                        verdict_reason(r));
    text += r.verdict == check::Verdict::suspect ? fmt::format(" ({})\n", alarm_text(r.alarm)) : "\n";
  }
  return text;
}

std::string finding_item(const std::string& kernel, const check::Finding& f) {
  std::string text =
      fmt::format("- **{}** {}\n  - smallest case `{}`", kernel, f.summary, describe(f.problem));
  if (!f.form.empty()) text += fmt::format(", form `{}`", f.form);
  if (!f.elements.empty()) {
    const oracle::Element& e = f.elements.front();
    text += fmt::format(": expected `{} = {}`, got `{}`", element_name(e), exact_text(e.expected),
                        exact_text(e.got));
  }
  if (f.diagnosed) text += fmt::format("\n  - diagnosis: {}", faults::diagnosis_text(f.diagnosis));
  if (!f.file.empty()) text += fmt::format("\n  - replay: `{}`", replay_command(f));
  return text + "\n";
}

// Kernels with the same bits have the same findings.
std::string findings(const std::vector<check::KernelReport>& kernels) {
  std::string text;
  for (const check::KernelReport& r : kernels) {
    if (!r.same_bits_as.empty()) {
      if (!r.findings.empty()) text += fmt::format("- **{}** the same as {}\n", r.info.name, r.same_bits_as);
      continue;
    }
    for (const check::Finding& f : r.findings) text += finding_item(r.info.name, f);
  }
  return text.empty() ? "None.\n" : fmt::format("{}\n\n{}", kReplayNote, text);
}

std::string laws_total(const std::vector<check::KernelReport>& kernels) {
  std::map<std::string, std::vector<std::string>> broken;
  std::int64_t cases = 0;
  for (const check::KernelReport& r : kernels) {
    for (const check::LawReport& law : r.laws) {
      cases += law.cases;
      if (law.status == check::LawStatus::broken) broken[law.name].push_back(r.info.name);
    }
  }
  std::string text = fmt::format("- laws on kernels: {} checks of a law on a case", grouped(cases));
  for (const auto& [law, names] : broken)
    text += fmt::format("\n  - {}: broken by {}", law, fmt::join(names, ", "));
  return text + "\n";
}

std::string growth_total(const forms::ErrorGrowth& growth) {
  double worst = 0;
  for (const forms::GrowthPoint& p : growth.points) worst = std::max(worst, p.ratio);
  return fmt::format("errors of own forms, to {} keys: at most {} of the bound", grouped(growth.most_keys),
                     short_text(worst));
}

std::string costs_total(const std::optional<Costs>& costs) {
  if (!costs) return "- costs: not measured (`./attest bench`)\n";
  std::string text = fmt::format("- costs, measured with attest {} on {}:\n", costs->version, costs->cpu);
  for (const CostRatio& r : costs->ratios)
    text += fmt::format("  - {}: {} ({})\n", r.what, short_text(r.ratio), limit_text(r));
  return text;
}

}  // namespace

std::string markdown(const FullReport& report) {
  const auto host = host_json();
  std::string text = fmt::format(
      "# attest report\n\nattest {}, seed {}, effort {}, on {} ({}).\n\nEach output of a kernel is compared "
      "with the exact result of the definition. An output is *certified* if there is a derived, informative "
      "bound on the error of every correct kernel with that contract. *Of bound* is the output's error "
      "divided by its bound: if it exceeds 1, the kernel is wrong. `index.html` has everything else.\n\n",
      ATTEST_VERSION, report.seed, report.effort, host["cpu"].get<std::string>(),
      fmt::join(host["isa"].get<std::vector<std::string>>(), ", "));
  text += "## Verdicts\n\n" + summary_table(report) + undecided(report.kernels);
  text += "\n## Findings\n\n" + findings(report.kernels);
  if (const std::string forms = forms_markdown(report.kernels); !forms.empty())
    text +=
        "\n## Forms of operators\n\nEach form of these operators was asked for: a combination of attributes "
        "and optional inputs. `report.json` names them all.\n\n" +
        forms;
  text += "\n## Totals\n\n" + laws_total(report.kernels);
  for (const std::string& total : {matrix_summary(report.matrix), growth_total(report.growth),
                                   "proofs: " + prove::proofs_summary(report.proofs, report.proof_seconds),
                                   space_summary(report.space), "proofs in Coq: " + coq_summary(report.coq)})
    text += fmt::format("- {}\n", total);
  return text + costs_total(report.costs);
}

}  // namespace attest::report
