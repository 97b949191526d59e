// What reports say of contracts, memory, laws of many kernels, and verdicts of many.

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "report/check/laws/laws_markdown.hpp"
#include "report/check/region_text.hpp"
#include "report/full/markdown.hpp"

namespace attest::report {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

check::ContractReport judged_by(const std::string& text, bool declared, std::vector<std::string> dtypes) {
  check::ContractReport contract;
  contract.text = text;
  contract.declared = declared;
  contract.dtypes = std::move(dtypes);
  return contract;
}

TEST(KernelReport, NamesAContractForWhatItFits) {
  check::KernelReport report;
  EXPECT_EQ(contract_origin(report), "assumed: the loosest preset that fits");
  report.declared_contract = "f64";
  EXPECT_EQ(contract_origin(report),
            "assumed: the loosest preset that fits, because the declared f64 fits no dtype that the kernel "
            "accepts");
  report.contract = report.declared_contract = "flash-bf16";
  report.contract_declared = true;
  report.contracts = {judged_by("flash-bf16", true, {"bf16"})};
  EXPECT_EQ(contract_origin(report), "declared");
  report.contracts.push_back(judged_by("f32", false, {"f32"}));
  EXPECT_EQ(contract_origin(report), "declared; for f32, assumed f32");
  EXPECT_TRUE(contains(kernel_text(report), "contract flash-bf16 (declared; for f32, assumed f32)"));
  const Json json = kernel_json(report)["contracts"];
  EXPECT_EQ(json[1]["declared"], false);
  EXPECT_EQ(json[1]["dtypes"], Json({"f32"}));
}

TEST(KernelReport, CountsTheFormsThatAreTakenAndSaysWhyOthersAreNot) {
  check::KernelReport report;
  report.region.calls = 1;
  EXPECT_FALSE(contains(kernel_text(report), "forms:"));
  report.region.forms = {{.name = "4D; no mask", .answered = 4, .broken = 1},
                         {.name = "4D; mask", .declined = 1, .why_declined = "must be 2D"},
                         {.name = "3D; no mask", .declined = 1}};
  EXPECT_TRUE(contains(kernel_text(report),
                       "forms: 1 of 3 combinations of attributes taken, in 4 problems; declined: 1 (must\n"
                       "  be 2D), 1 (no problem of the ABI can be asked so)\n"))
      << kernel_text(report);
  const Json forms = kernel_json(report)["accepts"]["forms"];
  EXPECT_EQ(forms["taken"], (Json{{"4D; no mask", 4}}));
  EXPECT_EQ(forms["broken"], (Json{{"4D; no mask", 1}}));
  EXPECT_EQ(forms["declined"]["4D; mask"], "must be 2D");
  EXPECT_EQ(forms["declined"].size(), 2U);
  const std::vector<FormAttribute> attributes = form_attributes(report.region.forms);
  ASSERT_EQ(attributes.size(), 4U);
  EXPECT_EQ(attributes[0].name, "4D");
  EXPECT_EQ(attributes[1].name, "no mask");
  EXPECT_EQ(attributes[1].forms, 2);
  EXPECT_EQ(attributes[1].taken, 1);
  report.info.name = "k";
  EXPECT_EQ(
      forms_markdown({report, check::KernelReport()}),
      "- **k**: 1 of 3 combinations of attributes taken, in 4 problems; declined: 1 (must be 2D), 1 (no "
      "problem of the ABI can be asked so)\n");
  FullReport full;
  EXPECT_FALSE(contains(markdown(full), "Forms of operators"));
  full.kernels = {report};
  EXPECT_TRUE(contains(markdown(full), "## Forms of operators\n"));
  EXPECT_TRUE(contains(markdown(full), "- **k**: 1 of 3"));
  report.findings.emplace_back();
  report.findings[0].form = "4D; no mask";
  Problem& p = report.findings[0].problem;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 1, 1});
  EXPECT_EQ(kernel_json(report)["findings"][0]["form"], "4D; no mask");
}

TEST(KernelReport, TellsTheMemoryThatWasMeasured) {
  check::KernelReport report;
  EXPECT_EQ(memory_text(report.memory), "");
  EXPECT_TRUE(kernel_json(report)["memory"]["heap_bytes"].is_null());
  report.memory.stack_bytes = 2048;
  report.memory.stack_case = "a case";
  EXPECT_EQ(memory_text(report.memory),
            "memory per call: stack at most 2 KiB (a case); largest heap not measured");
  report.memory.heap_bytes = std::uint64_t{3} << 20;
  report.memory.heap_case = "another";
  EXPECT_TRUE(contains(kernel_text(report), "largest heap 3 MiB (another)\n"));
  EXPECT_EQ(kernel_json(report)["memory"]["heap_bytes"], 3 << 20);
}

check::LawReport law(const std::string& name, check::LawStatus status, std::optional<bool> bitwise = {}) {
  check::LawReport report;
  report.name = name;
  report.status = status;
  report.cases = status == check::LawStatus::not_applicable ? 0 : 1000;
  report.broken = status == check::LawStatus::broken ? 7 : 0;
  report.why = status == check::LawStatus::held ? "" : "a | reason";
  report.bitwise = bitwise;
  return report;
}

check::KernelReport kernel(const std::string& name, check::Verdict verdict,
                           std::vector<check::LawReport> laws) {
  check::KernelReport report;
  report.info.name = name;
  report.verdict = verdict;
  report.laws = std::move(laws);
  return report;
}

std::vector<check::KernelReport> kernels() {
  check::LawReport noted = law("poison", check::LawStatus::held);
  noted.notes = {{"NaN reaches the output (documented: a page)", 3}};
  return {
      kernel("lib:a", check::Verdict::conforming, {law("repeat", check::LawStatus::held, true), noted}),
      kernel("lib:b", check::Verdict::conforming, {law("repeat", check::LawStatus::held, false), noted}),
      kernel("lib:c", check::Verdict::defective,
             {law("repeat", check::LawStatus::broken), law("poison", check::LawStatus::not_applicable)}),
      kernel("exec:run me:now {in} {out}", check::Verdict::mistrusted,
             {law("repeat", check::LawStatus::not_applicable), law("poison", check::LawStatus::held)}),
  };
}

check::Finding finding() {
  check::Finding made;
  made.law = "definition";
  made.summary = "returns 0.0413626 where row 0, channel 15 must be 1, the only visible value (+- 2e-07)";
  made.problem.q = Tensor(DType::f64, {1, 1, 1, 4});
  std::vector<double> values;
  for (int i = 0; i < 12; ++i) values.push_back(1.0 / (3 + i));
  made.problem.k = made.problem.v = Tensor(DType::f64, {1, 1, 3, 4});
  made.problem.k.assign(values);
  made.elements = {{}};
  made.elements[0].expected = 1;
  made.elements[0].got = 0.041362639516592026;
  made.elements[0].bound = 1e-8;
  made.elements[0].ratio = 4.02e6;
  made.laws = {"definition", "blocks", "support probe", "constant value", "range", "single key", "duplicate"};
  made.cases = 10;
  made.file = "findings/ggml-zen4-1.json";
  return made;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(KernelText, BeginsWithTheVerdictAndEndsWithTheLaws) {
  check::KernelReport report = kernels()[2];
  report.info.version = "0.25.1";
  report.findings = {finding()};
  const std::string text = kernel_text(report);
  EXPECT_EQ(text.rfind("DEFECTIVE   1 finding   lib:c 0.25.1\n\nFINDING 1   returns", 0), 0U) << text;
  const std::size_t examined = text.find("\nexamined: ");
  const std::size_t laws = text.find("\nlaws: 1 broken, 1 not applicable (--laws lists them)\n");
  EXPECT_LT(text.find("  replay      attest replay findings/ggml-zen4-1.json\n"), examined) << text;
  EXPECT_LT(examined, laws) << text;
  EXPECT_LT(laws, text.size()) << text;
  EXPECT_TRUE(contains(text, "  repeat             broken   in 7 of 1,000 cases\n")) << text;
  EXPECT_FALSE(contains(text, "poison")) << text;
  EXPECT_TRUE(contains(kernel_text(report, {.all_laws = true, .colour = false}),
                       "  poison             n/a      a | reason\n"));
}

TEST(KernelText, HasEightyColumns) {
  std::vector<check::KernelReport> reports = kernels();
  reports[1].findings = reports[2].findings = {finding(), finding()};
  for (check::KernelReport& r : reports) {
    r.declared_contract = "flash-bf16;score.product=f16;accumulate_numerator=f16;accumulate_denominator=f16";
    r.contract = "f32";
    r.contracts = {judged_by("f32", false, {"f32"}), judged_by(r.declared_contract, true, {"bf16"})};
    r.saturates_at = 2048;
    r.mistrust = {"only 3 cases were answered, which is less than a quarter of the 600 cases that were put",
                  "every output of every case is 0"};
    r.alarm.outputs = 12345;
    r.alarm.suspicions = r.mistrust;
    r.alarm.biases = {{"out", -0.5}, {"out away from zero", 6.25}, {"lse", 0}};
    r.region.calls = 90;
    r.region.not_examined = std::vector<std::string>(20, "head dim 576 with 512");
    r.memory.stack_bytes = 2048;
    r.memory.stack_case = "b1 h1/1 q64 k1 d1/16 f32 softcap=1 causal=top-left window=4 bias mask kv_lens lse";
    r.stopped_early = true;
    r.why_stopped = "the budget of 60 s was used up after exploring for the most part of it all";
    for (const std::string& line : lines_of(kernel_text(r, {.all_laws = true, .colour = false})))
      EXPECT_LE(line.size(), 80U) << line;
  }
  for (const std::string& line : lines_of(verdict_table(reports))) EXPECT_LE(line.size(), 80U) << line;
}

TEST(KernelText, ColoursNothingButTheVerdict) {
  const std::string plain = kernel_text(kernels()[0]);
  const std::string coloured = kernel_text(kernels()[0], {.all_laws = false, .colour = true});
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_EQ(coloured, "\x1b[1;32mCONFORMING\x1b[0m" + plain.substr(std::string("CONFORMING").size()));
}

TEST(LawsMarkdown, HasAColumnForEachFamily) {
  const std::string text = laws_markdown(kernels());
  EXPECT_TRUE(contains(text, "| law | lib (3 kernels) | exec:run me:now {in} {out} |\n")) << text;
  EXPECT_TRUE(
      contains(text, "| repeat | **broken** in 7 of 3,000 by c; held by a, b, bitwise in 1 of 2 | n/a |\n"))
      << text;
  EXPECT_TRUE(contains(text, "| poison | held in 2,000; n/a for c | held in 1,000 |\n")) << text;
  EXPECT_TRUE(contains(text, "| poison | lib: a, b | NaN reaches the output (documented: a page) | 6 |\n"))
      << text;
  EXPECT_FALSE(contains(laws_markdown({kernels()[2]}), "Observations that are not defects"));
  EXPECT_EQ(laws_markdown({}), "No kernel is available.\n");
}

TEST(LawsMarkdown, CountsWhatIsTooMuchToName) {
  std::vector<check::KernelReport> many;
  for (const char* name : {"l:a", "l:b", "l:c", "l:d", "l:e", "l:f"})
    many.push_back(kernel(name, check::Verdict::defective, {law("repeat", check::LawStatus::broken)}));
  EXPECT_TRUE(contains(laws_markdown(many), "**broken** in 42 of 6,000 by a, b, c and 3 more |"));
  for (std::size_t i = 1; i < many.size(); ++i) {
    many[i].laws = {law("repeat", check::LawStatus::held)};
    many[i].laws[0].notes = {{"seen", 1}};
  }
  EXPECT_TRUE(contains(laws_markdown(many), "**broken** in 7 of 6,000 by a; held by 5 others |"));
  EXPECT_TRUE(contains(laws_markdown(many), "| repeat | l: b, c, d and 2 more | seen | 5 |"));
  many[0].laws[0].notes = {{"seen", 1}};
  EXPECT_TRUE(contains(laws_markdown(many), "| repeat | l: all 6 | seen | 6 |"));
}

TEST(VerdictTable, EndsWithHowManyHaveWhichVerdict) {
  std::vector<check::KernelReport> reports = kernels();
  reports[3].mistrust = {"only 3 cases were answered", "every output of every case is 0"};
  const std::string text = verdict_table(reports);
  EXPECT_TRUE(contains(text, "MISTRUSTED   only 3 cases were answered (and 1\n    more)\n")) << text;
  EXPECT_TRUE(text.ends_with("\n4 kernels: 1 defective, 1 mistrusted, 2 conforming\n")) << text;
  EXPECT_EQ(verdict_table({reports[0]}), "lib:a   CONFORMING\n");
  EXPECT_EQ(verdict_line(reports[3]),
            "MISTRUSTED   only 3 cases were answered; every output of every case is 0");
}

}  // namespace
}  // namespace attest::report
