#include "check/findings/causes.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "check/outline/features.hpp"
#include "check/record/problem_size.hpp"
#include "laws/statements.hpp"
#include "oracle/definition/row.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kMostExamples = 6;  // of a finding, in one diagnosis
constexpr std::size_t kMostSymptoms = 6;

FeatureSet essential_features(const Problem& p) {
  FeatureSet features = features_of(p);
  for (const Feature f : {Feature::single_query, Feature::longer_keys, Feature::longer_queries,
                          Feature::odd_dims, Feature::wide_dims, Feature::unequal_dims, Feature::scale,
                          Feature::lse, Feature::f32, Feature::mixed_dtypes, Feature::broadcast}) {
    features.reset(static_cast<std::size_t>(f));
  }
  // A step of the shrinker turns bottom-right into top-left wherever a fault of both shows in both.
  features.add(Feature::causal_top_left, features.has(Feature::causal_bottom_right));
  features.reset(static_cast<std::size_t>(Feature::causal_bottom_right));
  return features;
}

bool ends_call(laws::FindingKind kind) {
  return kind == laws::FindingKind::crash || kind == laws::FindingKind::timeout ||
         kind == laws::FindingKind::memory;
}

// A wrong output and a wrong lse of the same rows have one cause.
bool same_symptom(const Finding& a, const Finding& b) {
  if (a.kind == b.kind) return true;
  return (is_value(a.kind) && b.kind == laws::FindingKind::lse) ||
         (is_value(b.kind) && a.kind == laws::FindingKind::lse);
}

bool nan_without_keys(const Finding& f) {
  return f.kind == laws::FindingKind::nan && in_row_without_keys(f.problem, f.elements);
}

// "crashes: killed by signal 11 (Segmentation fault": what follows depends on the shape.
std::string_view signal_of(const Finding& f) {
  return std::string_view(f.summary).substr(0, f.summary.find(')'));
}

bool different_crashes(const Finding& a, const Finding& b) {
  return a.kind == laws::FindingKind::crash && b.kind == laws::FindingKind::crash &&
         (signal_of(a) != signal_of(b) || crash_apart(a.crash, b.crash));
}

bool kept_apart(const Finding& a, const Finding& b) {
  const bool both_nan = a.kind == laws::FindingKind::nan && b.kind == laws::FindingKind::nan;
  return (both_nan && nan_without_keys(a) != nan_without_keys(b)) || different_crashes(a, b);
}

// Every law on values, but for exact ones, is broken only together with the certified bound.
bool breaks_bound(const Finding& f) { return breaks_law(f, "definition") || breaks_law(f, "lse"); }

bool same_shape(const Problem& a, const Problem& b) {
  return a.q.shape() == b.q.shape() && a.k.shape() == b.k.shape() && a.v.shape() == b.v.shape();
}

// What a call does to its process is a cause of its own, whatever the problem; how much it leaks may depend
// on the problem.
bool different_deeds(const Finding& a, const Finding& b) {
  if (a.kind != laws::FindingKind::environment || b.kind != laws::FindingKind::environment) return false;
  return a.law != b.law || (a.law != laws::name_of(laws::LawId::leak) && a.summary != b.summary);
}

// A call without a result tells its cause in words alone. A failure has words of its own, whatever features
// surround it; a crash or hang has few, but where its shrinking was cut short, what it kept says little too.
bool told_alike(const Finding& a, const Finding& b) {
  if (a.kind != b.kind || a.summary != b.summary) return false;
  if (a.kind == laws::FindingKind::failed || a.kind == laws::FindingKind::environment) return true;
  return ends_call(a.kind) && !(a.minimal && b.minimal) && same_shape(a.problem, b.problem);
}

}  // namespace

bool could_explain(const Problem& smaller, const Problem& larger) {
  // That an extent is 0 is a feature. Which of them is, and that 0 is less than 1, are not.
  const auto within = [](std::int64_t a, std::int64_t b) { return a <= std::max<std::int64_t>(1, b); };
  return within(smaller.batch(), larger.batch()) && within(smaller.q_heads(), larger.q_heads()) &&
         within(smaller.q_len(), larger.q_len()) && within(smaller.kv_len(), larger.kv_len()) &&
         essential_features(smaller).subset_of(essential_features(larger));
}

bool in_row_without_keys(const Problem& p, const std::vector<oracle::Element>& elements) {
  if (elements.empty()) return false;
  const oracle::Element& e = elements.front();
  return oracle::gather_row(p, e.b, e.h, e.i).keys == 0;
}

bool crash_apart(const kernel::CrashSite& a, const kernel::CrashSite& b) {
  return !a.function.empty() && !b.function.empty() && a.function != b.function;
}

bool breaks_law(const Finding& f, std::string_view law) {
  return std::find(f.laws.begin(), f.laws.end(), law) != f.laws.end();
}

bool explains(const Finding& a, const Finding& b) {
  if (kept_apart(a, b) || different_deeds(a, b)) return false;
  if (told_alike(a, b)) return true;
  if (!could_explain(a.problem, b.problem)) return false;
  return !is_value(a.kind) || breaks_bound(a) || (!breaks_bound(b) && breaks_law(a, b.law));
}

bool have_one_cause(const Finding& a, const Finding& b) {
  // Rows are empty by causality, window, mask, bias and lengths alike.
  if (nan_without_keys(a) && nan_without_keys(b)) return true;
  return same_symptom(a, b) && (explains(a, b) || explains(b, a));
}

bool is_more_informative(const Finding& a, const Finding& b) {
  if (a.kind != b.kind && (a.kind == laws::FindingKind::lse || b.kind == laws::FindingKind::lse))
    return b.kind == laws::FindingKind::lse;
  const bool plainer = could_explain(a.problem, b.problem);
  if (plainer != could_explain(b.problem, a.problem)) return plainer;
  return elements_of(a.problem) < elements_of(b.problem);
}

void absorb(Finding& into, const Finding& other) {
  const auto add_unique = [](std::vector<std::string>& texts, const std::string& text) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  };
  for (const Problem& example : other.examples) keep_example(into, example);
  into.cases += other.cases;
  for (const std::string& law : other.laws) add_unique(into.laws, law);
  std::vector<std::string> symptoms = other.symptoms;
  if (!could_explain(into.problem, other.problem) || into.kind != other.kind)
    symptoms.insert(symptoms.begin(), fmt::format("{} [{}]", other.summary, describe(other.problem)));
  for (const std::string& symptom : symptoms) {
    if (into.symptoms.size() < kMostSymptoms) add_unique(into.symptoms, symptom);
  }
}

bool fit_for_diagnosis(const Problem& p) {
  constexpr double kMostWork = 4e6;
  return products_of(p) <= kMostWork;
}

void keep_example(Finding& finding, const Problem& problem) {
  if (finding.examples.size() < kMostExamples && fit_for_diagnosis(problem))
    finding.examples.push_back(problem);
}

}  // namespace attest::check
