#include "report/check/check_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/coverage_text.hpp"
#include "report/check/crossings_text.hpp"
#include "report/check/finding_text.hpp"
#include "report/check/inferred_text.hpp"
#include "report/check/laws/laws_text.hpp"
#include "report/check/region_text.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"
#include "space/capacity.hpp"

namespace attest::report {
namespace {

// "600 cases (12 declined), seed 1, 10.1 s", and why that is less than was planned.
std::string extent_text(const check::KernelReport& r) {
  std::string text =
      wrapped("examined:", fmt::format(" {} ({} declined), seed {}, {:.1f} s", counted(r.cases, "case"),
                                       grouped(r.declined), r.seed, r.seconds));
  if (!r.same_bits_as.empty()) {
    text += wrapped("", fmt::format("same bits as {} in every call, so judged only once", r.same_bits_as));
  }
  if (r.stopped_early) {
    text += wrapped("", fmt::format("stopped early, after {} of {}: {}", grouped(r.cases + r.declined),
                                    counted(r.planned, "case"), r.why_stopped));
  }
  return text;
}

std::string contracts_text(const check::KernelReport& r) {
  std::string text = wrapped("", fmt::format("contract {} ({})", r.contract, contract_origin(r)));
  if (r.saturates_at) text += wrapped("  ", saturation_text(r));
  for (const check::ContractReport& contract : r.contracts) {
    const std::string name = r.contracts.size() > 1 ? contract.text + ": " : "";
    text += wrapped("  ", name + contract_text(contract));
  }
  return text;
}

// What was examined: the part of the kernel's region that cases covered, and how they were judged.
std::string examined_text(const check::KernelReport& r) {
  std::string text = extent_text(r);
  if (r.rows) text += wrapped("", coverage_text(*r.rows));
  if (r.region.calls > 0) text += region_text(r.region);
  if (!r.coverage.features.empty()) text += wrapped("", crossings_text(r.coverage));
  text += contracts_text(r);
  if (r.alarm.outputs > 0 || !r.alarm.why_not.empty()) text += wrapped("", alarm_text(r.alarm));
  for (const std::string& line : {tiers_text(r.rows_by_tier), memory_text(r.memory)}) {
    if (!line.empty()) text += wrapped("", line);
  }
  return text;
}

// What the verdict does not rest on.
std::string notes_text(const check::KernelReport& r) {
  std::string text;
  for (const std::string& why : r.alarm.suspicions) {
    if (r.verdict != check::Verdict::suspect) text += wrapped("note:", " " + why);
  }
  for (const std::string& why : r.mistrust) {
    if (r.verdict != check::Verdict::mistrusted) text += wrapped("note:", " " + why);
  }
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

std::string kernel_text(const check::KernelReport& r, const TextStyle& style) {
  std::string text = verdict_text(r, style.colour) + "\n";
  for (std::size_t i = 0; i < r.findings.size(); ++i) text += finding_text(r.findings[i], i + 1) + "\n";
  if (r.inferred) text += inferred_text(*r.inferred) + "\n";
  text += examined_text(r);
  text += notes_text(r);
  const std::string laws = laws_text(r, style.all_laws);
  return laws.empty() ? text : text + "\n" + laws;
}

}  // namespace attest::report
