#include "report/page/findings_html.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/case_text.hpp"
#include "report/check/crash_text.hpp"
#include "report/number.hpp"
#include "report/page/case/case_html.hpp"

namespace attest::report::page {
namespace {

// Labels with what they introduce.
class Facts {
 public:
  void add(const std::string& label, const Html& value) {
    if (!value.empty()) list_ += element("dt", label) + element("dd", value);
  }
  void add(const std::string& label, const std::string& words) { add(label, text(words)); }
  void code(const std::string& label, const std::string& words) {
    if (!words.empty()) add(label, element("code", words));
  }
  void code(const std::string& label, const std::vector<std::string>& lines) {
    Html all;
    for (const std::string& line : lines) all += element("div", element("code", line));
    add(label, all);
  }
  Html html() const { return element("dl", list_); }

 private:
  Html list_;
};

std::string got_text(const oracle::Element& e) {
  const std::string got = exact_text(e.got);
  return e.bound > 0 ? fmt::format("{} ({} times the bound)", got, short_text(e.ratio)) : got;
}

// The small numbers first, as a person reads them; the words that everything else needs after the drawing.
Facts measured(const check::Finding& f) {
  Facts facts;
  facts.code("smallest case", describe(f.problem));
  facts.code("form", f.form);
  facts.code("inputs", input_lines(f.problem));
  facts.add("changed", f.variant);
  if (f.elements.empty()) return facts;
  const oracle::Element& e = f.elements.front();
  facts.code("expected", fmt::format("{} = {}", element_name(e), exact_text(e.expected)));
  facts.code("got", got_text(e));
  return facts;
}

Facts explained(const check::Finding& f) {
  Facts facts;
  facts.code("crashed", crash_lines(f.crash));
  facts.code("printed", f.printed);
  if (f.diagnosed) facts.add("diagnosis", faults::diagnosis_text(f.diagnosis));
  facts.add("explained", f.explanation);
  if (!f.would_conform_under.empty()) facts.add("explained", "would conform under " + f.would_conform_under);
  facts.add("also", fmt::format("{}", fmt::join(f.symptoms, "; ")));
  facts.add("laws broken", fmt::format("{} ({})", fmt::join(f.laws, ", "), counted(f.cases, "case")));
  if (!f.file.empty()) facts.code("replay", replay_command(f));
  return facts;
}

Html finding_html(const check::Finding& f, const std::string& kernel, const std::string& id) {
  const Html title = element("h3", element("code", kernel) + text(": " + f.summary));
  return element("article", {{"id", id}, {"class", "card"}},
                 title + measured(f).html() + case_html(f) + explained(f).html());
}

}  // namespace

Html findings_html(const Content& content) {
  Html all;
  for (std::size_t k = 0; k < content.kernels.size(); ++k) {
    const check::KernelReport& r = content.kernels[k];
    const std::size_t of = detailed(content.kernels, k);
    if (of != k) {
      for (std::size_t i = 0; i < r.findings.size(); ++i) {
        const check::Finding& f = r.findings[i];
        Html words = element("code", r.info.name) + text(": the same bits as ") +
                     link_to(finding_id(of, i), content.kernels[of].info.name);
        if (!f.file.empty()) words += text("; replay ") + element("code", replay_command(f));
        all += element("p", {{"id", finding_id(k, i)}}, words);
      }
      continue;
    }
    for (std::size_t i = 0; i < r.findings.size(); ++i)
      all += finding_html(r.findings[i], r.info.name, finding_id(k, i));
  }
  if (all.empty()) return element("p", "No finding.");
  return element("p", {{"class", "note"}}, kReplayNote) + all;
}

}  // namespace attest::report::page
