#include "prove/prove_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace attest::prove {
namespace {

constexpr std::size_t kMostNumbers = 24;  // of a counterexample

std::string_view text(const std::optional<ProofVerdict>& verdict) {
  return verdict ? name_of(*verdict) : "-";
}

std::string twin_status(const TwinReport& twin) {
  if (twin.verdict != ProofVerdict::refuted) return std::string(name_of(twin.verdict));
  return twin.replayed ? "refuted, replayed" : "refuted, NOT replayed";
}

// The goals that are not proved, or where one solver was left behind.
std::string open_goals(const TheoremReport& report) {
  std::string text_of_goals;
  for (const GoalReport& goal : report.goals) {
    const auto open = [](const std::optional<ProofVerdict>& v) { return v && *v != ProofVerdict::proved; };
    if (open(goal.z3) || open(goal.cvc5))
      text_of_goals +=
          fmt::format("    goal '{}': z3 {}, cvc5 {}\n", goal.name, text(goal.z3), text(goal.cvc5));
  }
  return text_of_goals;
}

std::string theorem_text(const TheoremReport& report, std::size_t width) {
  std::string lines = fmt::format("{:<{}}  {:<8} {:<8} {:<22} {:>6.1f}\n", report.name, width,
                                  report.gappa ? "" : text(report.z3), report.gappa ? "" : text(report.cvc5),
                                  twin_status(report.twin), report.seconds);
  if (report.gappa) lines += fmt::format("    by Gappa: {}\n", text(report.gappa));
  if (!report.out_of_reach.empty())
    lines += fmt::format("    expected to be undecided: {}\n", report.out_of_reach);
  if (report.twin.verdict == ProofVerdict::refuted) {
    lines += fmt::format("    twin ({}) fails '{}' at {}\n", report.twin.name, report.twin.goal,
                         model_text(report.twin.model));
  }
  if (report.hypotheses != Answer::sat)
    lines += fmt::format("    its hypotheses {}\n", report.hypotheses == Answer::unsat
                                                        ? "contradict each other, so it proves nothing"
                                                        : "were not shown to be satisfiable");
  for (const std::string& goal : report.failed_on_numbers)
    lines += fmt::format("    goal '{}' fails on numbers that satisfy the hypotheses\n", goal);
  return lines + open_goals(report);
}

std::string counted(std::ptrdiff_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string model_text(const Model& model) {
  std::string text;
  const std::size_t shown = std::min(model.size(), kMostNumbers);
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", model[i].first, model[i].second);
  if (shown < model.size()) text += fmt::format(" and {} more (all are in the JSON)", model.size() - shown);
  return text;
}

std::string proofs_summary(const std::vector<TheoremReport>& reports, double seconds) {
  const auto count = [&](const auto& holds) { return std::count_if(reports.begin(), reports.end(), holds); };
  std::string summary;
  for (const ProofVerdict verdict : {ProofVerdict::proved, ProofVerdict::refuted, ProofVerdict::unknown,
                                     ProofVerdict::timeout, ProofVerdict::vacuous}) {
    const auto n = count([&](const TheoremReport& r) { return r.verdict == verdict; });
    if (n > 0) summary += fmt::format("{} {}, ", counted(n, "theorem"), name_of(verdict));
  }
  const auto refuted = count(
      [](const TheoremReport& r) { return r.twin.verdict == ProofVerdict::refuted && r.twin.replayed; });
  return summary + fmt::format("{} refuted and replayed, in {:.1f} s", counted(refuted, "twin"), seconds);
}

std::string theorems_text(const std::vector<TheoremReport>& reports, double seconds) {
  std::size_t width = 7;
  for (const TheoremReport& report : reports) width = std::max(width, report.name.size());
  std::string lines =
      fmt::format("{:<{}}  {:<8} {:<8} {:<22} {:>6}\n", "theorem", width, "z3", "cvc5", "twin", "s");
  for (const TheoremReport& report : reports) lines += theorem_text(report, width);
  return lines + "\n" + proofs_summary(reports, seconds) + "\n";
}

}  // namespace attest::prove
