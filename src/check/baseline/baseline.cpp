#include "check/baseline/baseline.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/outline/features.hpp"
#include "numerics/fingerprint.hpp"

namespace attest::check {
namespace {

// What decides which keys are visible and what their scores are. Shapes and layouts of a smallest case change
// with the seed.
constexpr std::array kMeaning{Feature::causal_top_left,
                              Feature::causal_bottom_right,
                              Feature::window_left,
                              Feature::window_right,
                              Feature::softcap,
                              Feature::bias,
                              Feature::mask,
                              Feature::alibi,
                              Feature::sink,
                              Feature::kv_lens};

}  // namespace

std::string identity_of(const std::string& kernel, const Finding& finding) {
  Fingerprinter print;
  print.add(kernel);
  std::int64_t named = 0;
  for (const faults::Diagnosis& d : finding.diagnosis) {
    if (!d.named) continue;
    print.add(d.fault());
    ++named;
  }
  if (named == 0) {
    print.add(laws::name_of(finding.kind));
    print.add(finding.law);
    print.add(name_of(finding.problem.q.dtype()));
    print.add(name_of(finding.problem.k.dtype()));
    const FeatureSet features = features_of(finding.problem);
    for (const Feature feature : kMeaning) {
      if (features.has(feature)) print.add(name_of(feature));
    }
  }
  return fmt::format("{:016x}", print.fingerprint().first);
}

BaselineComparison compare_with_baseline(const std::vector<AcceptedFinding>& baseline,
                                         const std::vector<KernelReport>& reports) {
  BaselineComparison comparison;
  const auto has = [](const std::vector<AcceptedFinding>& list, const AcceptedFinding& wanted) {
    return std::any_of(list.begin(), list.end(), [&](const AcceptedFinding& a) {
      return a.kernel == wanted.kernel && a.identity == wanted.identity;
    });
  };
  std::vector<AcceptedFinding> found;
  for (const KernelReport& report : reports) {
    for (const Finding& finding : report.findings) {
      found.push_back({report.info.name, identity_of(report.info.name, finding), finding.summary});
      (has(baseline, found.back()) ? comparison.accepted : comparison.fresh).push_back(found.back());
    }
  }
  for (const AcceptedFinding& old : baseline) {
    const bool checked = std::any_of(reports.begin(), reports.end(),
                                     [&](const KernelReport& r) { return r.info.name == old.kernel; });
    if (checked && !has(found, old)) comparison.vanished.push_back(old);
  }
  return comparison;
}

Verdict verdict_beyond(const BaselineComparison& comparison, const KernelReport& report) {
  const bool fresh = std::any_of(comparison.fresh.begin(), comparison.fresh.end(),
                                 [&](const AcceptedFinding& f) { return f.kernel == report.info.name; });
  if (report.verdict != Verdict::defective || report.findings.empty() || fresh) return report.verdict;
  return report.mistrust.empty() ? Verdict::conforming : Verdict::mistrusted;
}

}  // namespace attest::check
