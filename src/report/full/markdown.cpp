#include "report/full/markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/check/check_text.hpp"
#include "report/check/crash_text.hpp"
#include "report/check/crossings_text.hpp"
#include "report/check/laws_markdown.hpp"
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

// Tables that few read are folded away, so that findings stand near each other.
std::string folded(const std::string& title, const std::string& table) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", title, table);
}

std::string families_table(const check::KernelReport& r) {
  std::string text = table_head({"family", "purpose", "cases (declined)", "outputs", "certified"});
  for (const check::FamilyReport& f : r.families) {
    text += table_row({f.name, cell(f.reason), fmt::format("{} ({})", grouped(f.cases), grouped(f.declined)),
                       grouped(f.outputs), percent(f.informative, f.outputs)});
  }
  return text;
}

std::string finding_section(const check::Finding& f, std::size_t number) {
  std::string text = fmt::format("{}. **{}**\n", number, f.summary);
  const auto line = [&](const std::string& label, const std::string& value) {
    text += fmt::format("   - {}: `{}`\n", label, value);
  };
  line("smallest case", describe(f.problem));
  const std::vector<std::string> inputs = input_lines(f.problem);
  line("inputs", fmt::format("{}", fmt::join(inputs, "; ")));
  if (!f.variant.empty()) text += "   - changed: " + f.variant + "\n";
  if (!f.elements.empty()) {
    const oracle::Element& e = f.elements.front();
    line("expected", fmt::format("{} = {}", element_name(e), exact_text(e.expected)));
    line("got", exact_text(e.got));
    if (e.bound > 0) text += fmt::format("   - error: {} times the bound\n", short_text(e.ratio));
  }
  for (const std::string& each : crash_lines(f.crash)) line("crashed", each);
  for (const std::string& each : f.printed) line("printed", each);
  if (f.diagnosed) text += fmt::format("   - diagnosis: {}\n", faults::diagnosis_text(f.diagnosis));
  text += fmt::format("   - laws broken: {} ({})\n", fmt::join(f.laws, ", "), counted(f.cases, "case"));
  if (!f.file.empty()) line("replay", replay_command(f));
  return text;
}

std::string kernel_section(const check::KernelReport& r) {
  std::string text = fmt::format("### {}\n\n{}.", r.info.name, verdict_line(r));
  if (r.region.calls > 0) text += region_markdown(r.region);
  if (!r.same_bits_as.empty())
    text += fmt::format(" Same bits as {} in every call, so judged only once.", r.same_bits_as);
  if (r.stopped_early) text += fmt::format(" Stopped early: {}.", r.why_stopped);
  text += fmt::format("\n\nContract ({}): `{}`.", contract_origin(r), r.contract);
  if (r.saturates_at) text += fmt::format(" Saturation: {}.", saturation_text(r));
  if (const std::string tiers = tiers_text(r.rows_by_tier); !tiers.empty())
    text += fmt::format(" Reference: {}.", tiers);
  text += "\n";
  for (const check::ContractReport& c : r.contracts)
    text += fmt::format("\n- `{}`: {}", c.text, contract_text(c));
  text += fmt::format("\n- {}", alarm_text(r.alarm));
  if (const std::string memory = memory_text(r.memory); !memory.empty()) text += "\n- " + memory;
  for (const std::string& suspicion : r.alarm.suspicions) text += "\n- suspicious: " + suspicion;
  text += "\n" + folded("laws", kernel_laws_markdown(r)) + folded("families of inputs", families_table(r)) +
          crossings_markdown(r.coverage) + "\n";
  for (std::size_t i = 0; i < r.findings.size(); ++i) text += finding_section(r.findings[i], i + 1);
  return text + "\n";
}

}  // namespace

std::string markdown(const FullReport& report) {
  const auto host = host_json();
  std::string text = fmt::format(
      "# attest report\n\nattest {}, seed {}, effort {}, on {} ({}).\n\nEach output of a kernel is compared "
      "with the exact result of the definition. An output is *certified* if there is a proved, informative "
      "bound on the error of every correct kernel with that contract. *Of bound* is the output's error "
      "divided by its bound: if it exceeds 1, the kernel is wrong.\n\n",
      ATTEST_VERSION, report.seed, report.effort, host["cpu"].get<std::string>(),
      fmt::join(host["isa"].get<std::vector<std::string>>(), ", "));
  text +=
      "## Kernels\n\n" + summary_table(report) + "\n## Laws on kernels\n\n" + laws_markdown(report.kernels);
  text += "\n## Laws on attest's own forms\n\n" + matrix_markdown(report.matrix, report.proofs);
  text += "\n## Error growth\n\n" + growth_markdown(report.growth);
  text += "\n## Proofs\n\n" + proofs_markdown(report.proofs, report.proof_seconds);
  text += "\n## Space and time\n\n" + space_markdown(report.space);
  text += "\n### Memory of kernels\n\n" + kernel_memory_markdown(report.kernel_memory);
  text += "\n## What the oracle costs\n\n" + costs_markdown(report.costs);
  text += "\n## Kernels in detail\n\n";
  for (const check::KernelReport& r : report.kernels) text += kernel_section(r);
  return text;
}

}  // namespace attest::report
