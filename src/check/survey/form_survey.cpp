#include "check/survey/form_survey.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "check/checker/checker.hpp"
#include "check/findings/finding_book.hpp"
#include "check/record/interruption.hpp"
#include "kernel/forms.hpp"
#include "laws/law.hpp"
#include "oracle/contract/questions.hpp"
#include "problem/kv_storage.hpp"

namespace attest::check {
namespace {

constexpr int kTriedDraws = 8;  // for a problem that the form expresses

std::set<std::string> attributes_of(const std::string& form) {
  std::set<std::string> attributes;
  std::size_t begin = 0;
  while (begin < form.size()) {
    const std::size_t end = std::min(form.find("; ", begin), form.size());
    attributes.insert(form.substr(begin, end - begin));
    begin = end + 2;
  }
  return attributes;
}

class Survey {
 public:
  Survey(const FormSurvey& survey, kernel::FormKernel& kernel, KernelReport& report)
      : survey_(survey),
        kernel_(kernel),
        checker_(kernel, survey.contract, survey.time_limit),
        report_(report) {}

  void run() {
    for (std::size_t form = 0; form < kernel_.forms().size() && !stop_requested(); ++form) ask(form);
  }

 private:
  void ask(std::size_t form) {
    FormReport line;
    line.name = kernel_.forms()[form];
    form_ = form;
    kernel_.choose(form);
    Draw draw(rc::Random(survey_.seed * 0x9e37 + form));
    for (std::int64_t n = 0; n < survey_.problems; ++n) {
      if (!ask_once(form, draw, line)) return;
      if (!line.why_declined.empty()) break;  // the library refuses the form, whatever the problem
    }
    report_.region.forms.push_back(std::move(line));
  }

  // False: the form has other dtypes than are asked for.
  bool ask_once(std::size_t form, Draw& draw, FormReport& line) {
    for (int tried = 0; tried < kTriedDraws; ++tried) {
      const Problem problem = as_stored(kernel_.draw(form, draw));
      if (survey_.dtype && problem.q.dtype() != *survey_.dtype) return false;
      const CheckedProblem checked = checker_.check(problem, laws_, kernel::Placement::misaligned);
      if (checked.declined && kernel_.refusal().empty() && tried + 1 < kTriedDraws) continue;
      note(problem, checked, line);
      break;
    }
    return true;
  }

  void note(const Problem& problem, const CheckedProblem& checked, FormReport& line) {
    if (checked.declined) {
      ++line.declined;
      line.why_declined = kernel_.refusal();
      return;
    }
    ++line.answered;
    if (checked.worst() == nullptr) return;
    ++line.broken;
    if (!is_known_without(problem, checked) && !is_explained(checked, line.name, problem.want_lse))
      file(problem, checked, line.name);
  }

  // The kernel's own form breaks the same law on the problem, and the campaign has found that.
  bool is_known_without(const Problem& problem, const CheckedProblem& checked) {
    const CheckedLaw& worst = *checked.worst();
    const auto same = [&worst](const Finding& finding) {
      return finding.form.empty() && finding.law == worst.law->name &&
             finding.kind == worst.outcome.breach->kind;
    };
    const auto known = std::find_if(report_.findings.begin(), report_.findings.end(), same);
    if (known == report_.findings.end()) return false;
    kernel_.choose(std::nullopt);
    const bool breaks = checker_.check(problem, *worst.law, kernel::Placement::misaligned).standing ==
                        laws::LawStanding::broken;
    kernel_.choose(form_);
    if (breaks) ++known->cases;
    return breaks;
  }

  // What a compressed cache holds exactly, as in a campaign.
  Problem as_stored(Problem problem) {
    const auto contract = oracle::contract_for(survey_.contract, problem.q.dtype(), problem.k.dtype());
    return stored(std::move(problem), oracle::kv_storage(contract));
  }

  // What the form has in addition to the simplest one.
  std::set<std::string> attributes_beyond_plain(const std::string& form) const {
    std::set<std::string> attributes = attributes_of(form);
    for (const std::string& plain : attributes_of(kernel_.forms().front())) attributes.erase(plain);
    return attributes;
  }

  struct Known {
    std::set<std::string> attributes;
    bool lse = false;
    std::size_t finding = 0;  ///< in the report
  };

  bool is_explained(const CheckedProblem& checked, const std::string& form, bool lse) {
    const CheckedLaw& worst = *checked.worst();
    Finding itself;
    itself.law = worst.law->name;
    itself.kind = worst.outcome.breach->kind;
    const Known its{attributes_beyond_plain(form), lse, 0};
    const auto known = std::find_if(known_.begin(), known_.end(), [&](const Known& other) {
      return explains(other, report_.findings[other.finding], its, itself);
    });
    if (known == known_.end()) return false;
    ++report_.findings[known->finding].cases;
    return true;
  }

  void file(const Problem& problem, const CheckedProblem& checked, const std::string& form) {
    FindingBook book(checker_, survey_.seed);
    Finding finding = book.smallest(problem, checked, kernel::Placement::misaligned);
    const std::size_t smallest = smallest_form(finding, form);
    finding.form = kernel_.forms()[smallest];
    const std::string output = kernel_.output(smallest);
    if (!output.empty()) finding.summary = fmt::format("{}: {}", output, finding.summary);
    Known its{attributes_beyond_plain(finding.form), problem.want_lse, report_.findings.size()};
    const auto first = std::find_if(known_.begin(), known_.end(), [&](const Known& other) {
      const Finding& found = report_.findings[other.finding];
      return looks_the_same(found, finding) || explains(other, found, its, finding) ||
             explains(its, finding, other, found);
    });
    if (first == known_.end()) {
      report_.findings.push_back(std::move(finding));
    } else {
      Finding& found = report_.findings[first->finding];
      its.finding = first->finding;
      finding.cases += found.cases;
      if (its.attributes.size() < first->attributes.size())
        found = std::move(finding);
      else
        found.cases = finding.cases;
    }
    known_.push_back(std::move(its));
  }

  // The first form with no attribute that this one lacks in which the finding's problem fails as well.
  std::size_t smallest_form(const Finding& finding, const std::string& form) {
    const std::set<std::string> attributes = attributes_beyond_plain(form);
    std::size_t smallest = form_;
    for (std::size_t other = 0; other < form_ && smallest == form_; ++other) {
      const std::set<std::string> fewer = attributes_beyond_plain(kernel_.forms()[other]);
      if (!std::includes(attributes.begin(), attributes.end(), fewer.begin(), fewer.end())) continue;
      kernel_.choose(other);
      const laws::LawOutcome outcome =
          checker_.check(finding.problem, *laws::find_law(finding.law), finding.placement);
      if (outcome.standing == laws::LawStanding::broken && outcome.breach->kind == finding.kind)
        smallest = other;
    }
    kernel_.choose(form_);
    return smallest;
  }

  // The first has the same output, law and kind as the second, and no attribute that this lacks.
  static bool explains(const Known& known, const Finding& found, const Known& its, const Finding& finding) {
    return known.lse == its.lse && found.law == finding.law && found.kind == finding.kind &&
           std::includes(its.attributes.begin(), its.attributes.end(), known.attributes.begin(),
                         known.attributes.end());
  }

  // The smallest cases have the same inputs, and the same number where the same number is right.
  static bool looks_the_same(const Finding& a, const Finding& b) {
    if (a.law != b.law || a.kind != b.kind || a.elements.empty() || b.elements.empty()) return false;
    return inputs_of(a.problem) == inputs_of(b.problem) && same(a.elements[0].got, b.elements[0].got) &&
           same(a.elements[0].expected, b.elements[0].expected);
  }
  static std::vector<bool> inputs_of(const Problem& p) {
    return {p.bias.has_value(), p.mask.has_value(), p.kv_lens.has_value(), p.causal != Causal::none,
            p.softcap > 0};
  }
  static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

  const laws::Law& definition_ = laws::law_of(laws::LawId::definition);
  const std::vector<const laws::Law*> laws_{&definition_, &laws::law_of(laws::LawId::lse)};

  const FormSurvey& survey_;
  kernel::FormKernel& kernel_;
  Checker checker_;
  KernelReport& report_;
  std::vector<Known> known_;
  std::size_t form_ = 0;  ///< that is asked
};

}  // namespace

void survey_forms(const FormSurvey& survey, KernelReport& report) {
  if (survey.problems == 0) return;
  const std::unique_ptr<kernel::FormKernel> kernel = kernel::open_in_forms(survey.spec);
  if (kernel) Survey(survey, *kernel, report).run();
}

}  // namespace attest::check
