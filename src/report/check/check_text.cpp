#include "report/check/check_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "laws/statements.hpp"
#include "report/check/case_text.hpp"
#include "report/check/coverage_text.hpp"
#include "report/check/crossings_text.hpp"
#include "report/check/inferred_text.hpp"
#include "report/check/region_text.hpp"
#include "report/number.hpp"
#include "space/capacity.hpp"

namespace attest::report {
namespace {

std::string header(const check::KernelReport& r) {
  std::string name = r.info.name;
  if (!r.info.version.empty()) name += " " + r.info.version;
  std::string text =
      fmt::format("{}  contract {} ({})   seed {}   {} ({} declined)   {:.1f} s\n", name, r.contract,
                  contract_origin(r), r.seed, counted(r.cases, "case"), grouped(r.declined), r.seconds);
  if (!r.same_bits_as.empty())
    text += fmt::format("same bits as {} in every call, so judged only once\n", r.same_bits_as);
  if (r.stopped_early) {
    text += fmt::format("stopped early, after {} of {} cases: {}\n", grouped(r.cases + r.declined),
                        grouped(r.planned), r.why_stopped);
  }
  if (r.saturates_at) text += saturation_text(r) + "\n";
  if (r.rows) text += coverage_text(*r.rows) + "\n";
  if (r.region.calls > 0) text += region_text(r.region);
  if (!r.coverage.features.empty()) text += crossings_text(r.coverage) + "\n";
  return text;
}

std::string law_details(const check::KernelReport& r, const check::LawReport& law) {
  if (law.status == check::LawStatus::not_applicable) return law.why;
  std::string text = counted(law.cases, "case");
  if (law.status == check::LawStatus::broken) text = fmt::format("in {} of {}", grouped(law.broken), text);
  if (law.name == name_of(laws::LawId::definition)) {
    return fmt::format("{}   {}   {} certified   worst {} of bound, median {}", text,
                       counted(r.outputs, "output"), percent(r.informative, r.outputs),
                       short_text(r.max_bound_ratio), short_text(r.median_bound_ratio));
  }
  if (law.bitwise && law.status == check::LawStatus::held)
    text += *law.bitwise ? "   bitwise" : "   within bound, not bitwise";
  if (law.not_examined > 0) text += fmt::format("   {} not examined", grouped(law.not_examined));
  return text;
}

std::string finding_text(const check::Finding& finding, std::size_t number) {
  std::string text = fmt::format("FINDING {}   {}\n", number, finding.summary);
  const auto line = [&](const char* label, const std::string& value) {
    text += fmt::format("  {:<12}{}\n", label, value);
  };
  line("smallest", describe(finding.problem));
  for (const std::string& input : input_lines(finding.problem)) line("", input);
  if (!finding.variant.empty()) line("changed", finding.variant);
  if (!finding.elements.empty()) {
    const oracle::Element& e = finding.elements.front();
    line("expected", fmt::format("{} = {}", element_name(e), exact_text(e.expected)));
    line("got", exact_text(e.got) +
                    (e.bound > 0 ? fmt::format("   ({} times the bound)", short_text(e.ratio)) : ""));
  }
  if (finding.diagnosed) line("diagnosis", faults::diagnosis_text(finding.diagnosis));
  if (!finding.would_conform_under.empty())
    line("explained", "would conform under " + finding.would_conform_under);
  line("laws", fmt::format("{}   ({})", fmt::join(finding.laws, ", "), counted(finding.cases, "case")));
  if (!finding.file.empty()) line("replay", replay_command(finding));
  return text;
}

}  // namespace

std::string saturation_text(const check::KernelReport& r) {
  return fmt::format(
      "the contract cannot hold for more than {} keys of equal weight: its sums stop growing or overflow",
      grouped(r.saturates_at.value_or(0)));
}

std::string contract_origin(const check::KernelReport& r) {
  if (!r.contract_declared) {
    if (r.inferred) return "inferred; none is declared";
    return r.declared_contract.empty() ? "assumed: the loosest preset that fits"
                                       : fmt::format(
                                             "assumed: the loosest preset that fits, because the declared {} "
                                             "fits no dtype that the kernel accepts",
                                             r.declared_contract);
  }
  std::string text = "declared";
  for (const check::ContractReport& c : r.contracts) {
    if (!c.declared) text += fmt::format("; for {}, assumed {}", fmt::join(c.dtypes, ", "), c.text);
  }
  return text;
}

std::string memory_text(const check::MemoryReport& memory) {
  if (!memory.stack_bytes && !memory.heap_bytes) return "";
  const auto part = [](const char* what, const std::optional<std::uint64_t>& bytes,
                       const std::string& where) {
    return bytes ? fmt::format("{} {} ({})", what, space::bytes_text(8 * *bytes), where)
                 : fmt::format("{} not measured", what);
  };
  return fmt::format("memory per call: {}; {}", part("stack at most", memory.stack_bytes, memory.stack_case),
                     part("largest heap", memory.heap_bytes, memory.heap_case));
}

std::string contract_text(const check::ContractReport& c) {
  std::string text =
      fmt::format("longest row with an informative bound: {} keys", grouped(c.lengths.longest_informative));
  if (c.lengths.shortest_uninformative) {
    text += fmt::format("; shortest row without one: {}", grouped(*c.lengths.shortest_uninformative));
  }
  if (c.saturates_at) text += fmt::format("; cannot hold for more than {} keys", grouped(*c.saturates_at));
  return text;
}

std::string alarm_text(const check::AlarmReport& alarm) {
  if (alarm.outputs == 0)
    return "rounding noise: not measured" + (alarm.why_not.empty() ? "" : ", because " + alarm.why_not);
  std::string text =
      fmt::format("rounding noise: largest error {:.1f} sigmas in {} (alarm at {:.1f}); bias in sigmas:",
                  alarm.largest_sigmas, counted(alarm.outputs, "output"), alarm.output_threshold);
  for (std::size_t i = 0; i < alarm.biases.size(); ++i) {
    const auto& [name, sigmas] = alarm.biases[i];
    text += fmt::format("{} {} {:.1f}", i == 0 ? "" : ",", name, sigmas);
  }
  return text + fmt::format(" (alarm at {:.1f})", alarm.bias_threshold);
}

std::string tiers_text(const oracle::RowsByTier& rows) {
  const auto decided = [&](oracle::Tier tier) { return rows[static_cast<std::size_t>(tier)]; };
  std::vector<std::string> parts;
  for (const oracle::Tier tier : {oracle::Tier::f64, oracle::Tier::double_double, oracle::Tier::interval}) {
    if (decided(tier) > 0) parts.push_back(fmt::format("{} by {}", grouped(decided(tier)), name_of(tier)));
  }
  if (decided(oracle::Tier::exact) > 0)
    parts.push_back(grouped(decided(oracle::Tier::exact)) + " by definition (no visible key)");
  return parts.empty() ? "" : fmt::format("rows judged: {}", fmt::join(parts, ", "));
}

std::string kernel_text(const check::KernelReport& r) {
  std::string text = header(r) + "\n";
  for (const check::LawReport& law : r.laws) {
    const std::string status =
        law.status == check::LawStatus::not_applicable ? "n/a" : std::string(name_of(law.status));
    text += fmt::format("  {:<19}{:<9}{}\n", law.name, status, law_details(r, law));
    for (const auto& [note, calls] : law.notes)
      text += fmt::format("  {:<28}{} ({})\n", "", note, counted(calls, "call"));
  }
  text += "\n";
  for (const check::ContractReport& contract : r.contracts) {
    const std::string name = r.contracts.size() > 1 ? contract.text + ": " : "";
    text += "  " + name + contract_text(contract) + "\n";
  }
  const bool asked = r.alarm.outputs > 0 || !r.alarm.why_not.empty();
  if (asked) text += "  " + alarm_text(r.alarm) + "\n";
  const std::string tiers = tiers_text(r.rows_by_tier);
  if (!tiers.empty()) text += "  " + tiers + "\n";
  const std::string memory = memory_text(r.memory);
  if (!memory.empty()) text += "  " + memory + "\n";
  if (asked || !r.contracts.empty() || !tiers.empty()) text += "\n";
  for (std::size_t i = 0; i < r.findings.size(); ++i) text += finding_text(r.findings[i], i + 1) + "\n";
  if (r.inferred) text += inferred_text(*r.inferred) + "\n";
  for (const std::string& why : r.alarm.suspicions) {
    if (r.verdict != check::Verdict::suspect) text += "note: " + why + "\n";
  }
  for (const std::string& why : r.mistrust) {
    if (r.verdict != check::Verdict::mistrusted) text += "note: " + why + "\n";
  }
  return text + verdict_line(r) + "\n";
}

}  // namespace attest::report
